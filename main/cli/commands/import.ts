import path from 'node:path'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { refuseOtherThanFile } from '#db/regularFile.ts'
import { runDatasetJob } from '#main/dataset/runDatasetJob.ts'
import { LabError } from '#shared/domain/labError.ts'
import { labCommand } from '../command.ts'
import { datasetOutput, onImportProgress } from '../datasetOutput.ts'
import { withReader, type Reader } from '../reader/openReader.ts'
import { addSamplingOptions, samplingFrom, type SamplingOptions } from '../samplingOptions.ts'

interface Options extends SamplingOptions {
  name?: string
  array?: string
  columns?: boolean
}

export const importCommand = addSamplingOptions(
  labCommand<Options>(
    'import <path>',
    'import a folder of images, or a file of patches: .npy, .npz, .mat (version 5; stacks of images are sampled), IDX, CSV',
    async ([source], options, context) => {
      if (!existsSync(source)) {
        throw new LabError('badInput', `${source} does not exist. Check the path.`)
      }
      const folder = (await stat(source)).isDirectory()
      if (folder && (options.array !== undefined || options.columns)) {
        throw new LabError('badUsage', 'A folder of images has no arrays. Leave out --array and --columns.')
      }
      if (!folder) refuseOtherThanFile(source)
      const choice = {
        ...(options.array !== undefined && { array: options.array }),
        ...(options.columns && { columns: true }),
      }
      const job = folder ? { kind: 'folder' as const } : { kind: 'array' as const, ...choice }
      const name = options.name ?? path.basename(source, folder ? '' : path.extname(source))
      const signal = context.interrupted
      const onProgress = onImportProgress(context.progress)
      const id = await withReader({ signal, onProgress }, async (reader) => {
        if (!folder && options.array === undefined) await refuseWeights(source, reader)
        const isImages = folder || (await reader.run('arrayUse', source, choice)) === 'images'
        const sampling = samplingFrom(options, isImages ? 'squash' : 'none')
        return runDatasetJob(
          context.library(true),
          { ...job, path: path.resolve(source), name, sampling },
          { onProgress, signal },
          (whole) => reader.run('makeDraft', whole),
        )
      })
      return datasetOutput(context.library(), id)
    },
  ),
)
  .option('--name <name>', "the dataset's name (default: that of the folder or file)")
  .option('--unique', 'count an image file once that is there twice, byte for byte')
  .option('--array <name>', 'which array of a .npz or .mat')
  .option('--columns', 'each column of the array is a patch, not each row')

/** Weights are no patches: they come in as a run. @throws LabError badInput */
async function refuseWeights(source: string, reader: Reader): Promise<void> {
  const isNamedSo = /\.(safetensors|onnx|json)$/i.test(source)
  if (!isNamedSo && !(await reader.run('holdsWeights', source))) return
  throw new LabError(
    'badInput',
    `${path.basename(source)} is no dataset but a file of weights. Take it in as a run with lab import-weights.`,
  )
}
