import { Argument } from 'commander'
import { writeGeneratedImages } from '#main/dataset/generate/writeGeneratedImages.ts'
import { runDatasetJob } from '#main/dataset/runDatasetJob.ts'
import { defaultSampling, generatorNames, type GeneratorName } from '#shared/domain/dataset.ts'
import { generatorParametersSchema } from '#shared/domain/generators.ts'
import { LabError } from '#shared/domain/labError.ts'
import { labCommand } from '../command.ts'
import { datasetOutput, onImportProgress } from '../datasetOutput.ts'
import { withReader } from '../reader/openReader.ts'
import { addSamplingOptions, samplingFrom, type SamplingOptions } from '../samplingOptions.ts'
import { parseInput } from '../parseInput.ts'
import { toCount, toNumber } from '../text.ts'

interface Options extends SamplingOptions {
  name?: string
  out?: string
  images?: number
  smallestLeaf?: number
  deviation?: number
  probability?: number
}

const imagesWritten = 10

export const generateCommand = addSamplingOptions(
  labCommand<Options>('generate', 'make built-in data from a seed', async ([what], options, context) => {
    const generator = what as GeneratorName
    if (options.out !== undefined) return writeImages(generator, options, options.out, context.interrupted)
    const usual = generator === 'bars' ? 'none' : 'squash'
    const heard = { onProgress: onImportProgress(context.progress), signal: context.interrupted }
    const id = await runDatasetJob(
      context.library(true),
      {
        kind: 'generate',
        generator,
        ...parametersOf(options),
        name: options.name ?? generator,
        sampling: samplingFrom(options, usual),
      },
      heard,
      (whole) => withReader(heard, (reader) => reader.run('makeDraft', whole)),
    )
    return datasetOutput(context.library(), id)
  }),
)
  .addArgument(
    new Argument(
      '<what>',
      'natural: images with the statistics of nature; noise: IID Gaussian pixels; bars: Földiák’s bars',
    ).choices(generatorNames),
  )
  .option('--name <name>', "the dataset's name")
  .option('--out <folder>', 'write images there as PNG instead of making a dataset (natural)')
  .option(
    '--images <count>',
    'how many images the patches come from, or --out writes (natural; default: 10)',
    toCount,
  )
  .option('--smallest-leaf <pixels>', 'radius of the smallest leaves (natural; default: 32)', toCount)
  .option('--deviation <value>', 'standard deviation of a pixel (noise; default: 0.2)', toNumber)
  .option('--probability <value>', 'of each bar (bars; default: 1 / patch size)', toNumber)

/** Only what was asked for: a recipe says no more. */
function parametersOf({ images, smallestLeaf, deviation, probability }: Options) {
  const given = Object.entries({ images, smallestLeaf, deviation, probability }).filter(
    ([, value]) => value !== undefined,
  )
  if (given.length === 0) return {}
  return { parameters: parseInput(generatorParametersSchema, Object.fromEntries(given)) }
}

async function writeImages(generator: GeneratorName, options: Options, folder: string, signal: AbortSignal) {
  if (generator !== 'natural') {
    throw new LabError('badUsage', `${generator} has no images, only patches. Leave out --out.`)
  }
  const files = await writeGeneratedImages({
    seed: options.seed ?? defaultSampling.seed,
    streams: options.streams ?? defaultSampling.streams,
    channels: options.color === 'rgb' ? 3 : 1,
    count: options.images ?? imagesWritten,
    folder,
    signal,
    parameters: { smallestLeaf: options.smallestLeaf },
  })
  return { json: { files }, text: `Wrote ${files.length} images to ${folder}.` }
}
