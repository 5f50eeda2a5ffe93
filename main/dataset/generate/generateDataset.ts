import type { GeneratorName, ImportProgress, Sampling } from '#shared/domain/dataset.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import { checkedParameters, type GeneratorParameters } from '#shared/domain/generators.ts'
import { finishDraft, refuseTooMany, type UnfinishedDraft } from '../draftDataset.ts'
import type { ImportOptions, ImportSettings } from '../importImages.ts'
import { samplePatches } from '../sample/samplePatches.ts'
import { stopIfAborted } from '../stopIfAborted.ts'
import { deadLeavesSize } from './deadLeaves.ts'
import { smallestRadius } from './leaf.ts'
import { generateNatural, naturalImages } from './generateNatural.ts'
import { noiseDeviation, noiseMean } from './generateNoise.ts'
import { createPatchSource } from './patchSource.ts'

type Report = (stage: ImportProgress['stage'], done: number, total: number) => Promise<void>

/**
 * Makes a dataset from a seed: `natural` images sampled like imported ones; `noise` and `bars` patch by patch. The
 * same generator, parameters, sampling and seed give the same bytes.
 * @throws LabError badInput where it would not fit in memory, or hardly a patch has the contrast that is asked for;
 *   stopped when aborted
 */
export async function generateDataset(
  generator: GeneratorName,
  { name, sampling, parameters: given }: ImportSettings & { parameters?: GeneratorParameters },
  { onProgress, signal }: ImportOptions = {},
): Promise<DatasetDraft> {
  const parameters = checkedParameters(generator, given)
  const n = sampling.patchSize ** 2 * sampling.channels
  refuseTooMany(sampling.patches, n)
  const report: Report = async (stage, done, total) => {
    onProgress?.({ stage, done, total, skipped: 0 })
    // Drawing holds the thread; a cancel comes in here.
    await new Promise((resume) => setImmediate(resume))
    stopIfAborted(signal)
  }
  const drawn =
    generator === 'natural'
      ? await naturalPatches(sampling, parameters, report)
      : await drawPatches(generator, sampling, parameters, n, report)
  await report('normalising', 0, 1)
  const draft: UnfinishedDraft = {
    ...drawn,
    name: name ?? generator,
    kind: generator,
    origin: `${descriptions[generator](sampling.patchSize, parameters)}, seed ${sampling.seed}`,
    m: sampling.patches,
    n,
    patchSize: sampling.patchSize,
    channels: sampling.channels,
    normalisation: sampling.normalisation,
    seed: sampling.seed,
    skippedFiles: [],
  }
  return finishDraft(draft, generator === 'noise' ? 'extent' : [0, 1])
}

const descriptions: Record<GeneratorName, (patchSize: number, parameters: GeneratorParameters) => string> = {
  natural: (_patchSize, { images = naturalImages, smallestLeaf = smallestRadius }) =>
    `natural: ${images} ${images === 1 ? 'image' : 'images'} of dead leaves, ${deadLeavesSize} × ${deadLeavesSize}` +
    (smallestLeaf === smallestRadius ? '' : `, smallest radius ${smallestLeaf}`),
  noise: (_patchSize, { deviation = noiseDeviation }) =>
    `noise: IID Gaussian, mean ${noiseMean}, deviation ${deviation}`,
  bars: (patchSize, { probability }) =>
    `bars: ${2 * patchSize} bars, each with probability ${probability ?? `1/${patchSize}`}`,
}

type Drawn = Pick<UnfinishedDraft, 'patches' | 'positions' | 'images'>

async function naturalPatches(
  sampling: Sampling,
  { images, smallestLeaf }: GeneratorParameters,
  report: Report,
): Promise<Drawn> {
  const sources = generateNatural(sampling, sampling.channels, { count: images, smallestLeaf })
  let done = 0
  const reported = sources.map((source) => ({
    ...source,
    async read() {
      await report('reading', done, sources.length)
      done += 1
      return source.read()
    },
  }))
  const sampled = await samplePatches(reported, sampling, {
    onUnreadable(_file, error) {
      throw error
    },
  })
  if (sampled === null) throw new Error('no image was drawn')
  return sampled
}

// Some 10 ms of drawing.
const patchValuesPerTurn = 262_144

async function drawPatches(
  generator: 'noise' | 'bars',
  sampling: Sampling,
  parameters: GeneratorParameters,
  n: number,
  report: Report,
): Promise<Drawn> {
  const m = sampling.patches
  const draw = createPatchSource(generator, sampling, parameters)
  const patches = new Float32Array(m * n)
  const turn = Math.ceil(patchValuesPerTurn / n)
  for (let row = 0; row < m; row++) {
    if (row % turn === 0) await report('reading', row, m)
    draw(patches.subarray(row * n, (row + 1) * n))
  }
  return { patches, positions: null, images: [] }
}
