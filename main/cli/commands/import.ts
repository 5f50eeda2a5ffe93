import path from 'node:path'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { runDatasetJob } from '#main/dataset/runDatasetJob.ts'
import { LabError } from '#shared/domain/labError.ts'
import { labCommand } from '../command.ts'
import { datasetOutput, onImportProgress } from '../datasetOutput.ts'
import { addSamplingOptions, samplingFrom, type SamplingOptions } from '../samplingOptions.ts'

export const importCommand = addSamplingOptions(
  labCommand<SamplingOptions & { name?: string }>(
    'import <path>',
    'import a folder of images, or a .npy matrix of patches (m × n)',
    async ([source], options, context) => {
      if (!existsSync(source)) {
        throw new LabError('badInput', `${source} does not exist. Check the path.`)
      }
      const folder = (await stat(source)).isDirectory()
      const job = { kind: folder ? ('folder' as const) : ('array' as const), path: path.resolve(source) }
      const sampling = samplingFrom(options, folder ? 'squash' : 'none')
      const name = options.name ?? path.basename(source, folder ? '' : path.extname(source))
      const id = await runDatasetJob(
        context.library(),
        { ...job, name, sampling },
        {
          onProgress: onImportProgress(context.progress),
          signal: context.interrupted,
        },
      )
      return datasetOutput(context.library(), id)
    },
  ),
).option('--name <name>', "the dataset's name (default: that of the folder or file)")
