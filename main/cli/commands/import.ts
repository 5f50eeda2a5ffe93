import { Option } from 'commander'
import path from 'node:path'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { z } from 'zod'
import { refuseOtherThanFile } from '#db/regularFile.ts'
import { runDatasetJob } from '#main/dataset/runDatasetJob.ts'
import { arrayKinds, pixelOrders, type ArrayChoice, type PixelOrder } from '#shared/domain/datasetSource.ts'
import { LabError } from '#shared/domain/labError.ts'
import { labCommand } from '../command.ts'
import { datasetOutput, onImportProgress } from '../datasetOutput.ts'
import { parseInput } from '../parseInput.ts'
import { withReader, type Reader } from '../reader/openReader.ts'
import { addSamplingOptions, samplingFrom, type SamplingOptions } from '../samplingOptions.ts'
import { collect, toNumber } from '../text.ts'

interface Options extends SamplingOptions {
  name?: string
  array?: string
  columns?: boolean
  order?: PixelOrder
  whole?: boolean
  scale?: number
  labels?: string
  labelColumn?: string
  dropColumn?: string[]
  labelsFromFolders?: boolean
}

export const importCommand = addSamplingOptions(
  labCommand<Options>(
    'import <path>',
    `import a folder of images, or a file of arrays: ${arrayKinds}`,
    async ([source], options, context) => {
      if (!existsSync(source)) {
        const mend = source.includes('\uFFFD') ? 'Its name is not UTF-8: rename it.' : 'Check the path.'
        throw new LabError('badInput', `${source} does not exist. ${mend}`)
      }
      const isFolder = (await stat(source)).isDirectory()
      if (!isFolder) refuseOtherThanFile(source)
      const choice = choiceFrom(options)
      const labels = labelsFrom(options)
      refuseMisplaced(isFolder, choice, options)
      const name = options.name ?? path.basename(source, isFolder ? '' : path.extname(source))
      const signal = context.interrupted
      const onProgress = onImportProgress(context.progress)
      const id = await withReader({ signal, onProgress }, async (reader) => {
        if (!isFolder && options.array === undefined) await refuseWeights(source, reader)
        const isImages = isFolder || (await reader.run('arrayUse', source, choice)) === 'images'
        const sampling = samplingFrom(options, isImages ? 'squash' : 'none')
        const place = { path: path.resolve(source), ...labels }
        const job = isFolder
          ? {
              kind: 'folder' as const,
              ...place,
              ...(options.labelsFromFolders && { labelsFromFolders: true }),
            }
          : { kind: 'array' as const, ...place, ...choice, ...(!isImages && rowsFrom(options)) }
        return runDatasetJob(
          context.library(true),
          { ...job, name, sampling },
          { onProgress, signal },
          (whole) => reader.run('makeDraft', whole),
        )
      })
      return datasetOutput(context.library(), id)
    },
  ),
)
  .option('--name <name>', "the dataset's name (default: that of the folder or file)")
  .addOption(
    new Option('--pages <which>', 'pages of a TIFF file that are taken as images (default: all)').choices([
      'all',
      'first',
    ]),
  )
  .option('--unique', 'count an image file once that is there twice, byte for byte')
  .option('--array <name>', 'which array of a file of several')
  .option('--columns', 'each column of the array is a patch, not each row')
  .addOption(
    new Option(
      '--order <pixels>',
      'how the pixels of a row lie: interleaved, in planes (CIFAR), or in columns, planes too (MATLAB, the UFLDL course); default: what makes smoother pictures',
    ).choices(pixelOrders),
  )
  .option('--whole', 'each image of a stack is a patch, whole')
  .option('--no-whole', 'patches are cut from the images of a stack (default, but for IDX)')
  .option(
    '--scale <divisor>',
    'divide values by it (default: bytes of pixels by 255, 16 bits by 65535)',
    toNumber,
  )
  .option(
    '--labels <file>',
    'the class of each row or image: IDX, .npy, .mat, a text of one name a line; or none',
  )
  .option('--labels-from-folders', 'the folder that an image lies in names its class')
  .option('--label-column <name|number>', 'the column of a table with the class of each row, from 1; or none')
  .option(
    '--drop-column <name|number>',
    'a column of a table that is no value; may be given again; or none',
    collect,
  )

function choiceFrom({ array, columns, order, whole, scale, labelColumn, dropColumn }: Options): ArrayChoice {
  return {
    ...(array !== undefined && { array }),
    ...(columns && { columns }),
    ...(order !== undefined && { order }),
    ...(whole !== undefined && { whole }),
    ...(scale !== undefined && { scale: parseInput(scaleSchema, scale) }),
    ...(labelColumn !== undefined && { labelColumn }),
    ...(dropColumn !== undefined && { dropColumns: dropColumn }),
  }
}

/** What a choice is asked for with. */
const flags: Record<keyof ArrayChoice, string> = {
  array: '--array',
  columns: '--columns',
  order: '--order',
  whole: '--whole',
  rows: '--patches',
  scale: '--scale',
  labelColumn: '--label-column',
  dropColumns: '--drop-column',
  plain: '',
}

const scaleSchema = z.number().positive({ error: 'The scale must be larger than 0.' })

const labelsFrom = ({ labels }: Options) =>
  labels === undefined ? {} : { labels: labels === 'none' ? labels : path.resolve(labels) }

/** Rows are patches already: so many of them are drawn. */
const rowsFrom = ({ patches }: Options) => (patches === undefined ? {} : { rows: patches })

/** @throws LabError badUsage on what says nothing here */
function refuseMisplaced(
  isFolder: boolean,
  choice: ArrayChoice,
  { labelsFromFolders, labels }: Options,
): void {
  if (isFolder && Object.keys(choice).length > 0) {
    const given = Object.keys(choice).map((key) => flags[key as keyof ArrayChoice])
    throw new LabError('badUsage', `A folder of images has no arrays. Leave out ${given.join(' and ')}.`)
  }
  if (!isFolder && labelsFromFolders) {
    throw new LabError('badUsage', 'A file of arrays has no folders. Leave out --labels-from-folders.')
  }
  if (labels !== undefined && labelsFromFolders) {
    throw new LabError('badUsage', 'Labels come from a file or from folders. Leave out one of the two.')
  }
}

/** Weights are no patches: they come in as a run. @throws LabError badInput */
async function refuseWeights(source: string, reader: Reader): Promise<void> {
  const isNamedSo = /\.(onnx|json)$/i.test(source)
  if (!isNamedSo && !(await reader.run('holdsWeights', source))) return
  throw new LabError(
    'badInput',
    `${path.basename(source)} is no dataset but a file of weights. Take it in as a run with lab import-weights.`,
  )
}
