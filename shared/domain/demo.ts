import { defaultSampling, normalisationSchema, type DatasetSummary, type Sampling } from './dataset.ts'
import { presets, type Preset } from './presets.ts'

/** Patches made from a seed, and a run on them. */
export interface Demo {
  job: {
    readonly kind: 'generate'
    readonly generator: 'natural' | 'noise'
    readonly name: string
    readonly sampling: Sampling
  }
  run: {
    readonly name: string
    readonly preset: string
    readonly config: Preset['config']
    readonly tags: string[]
  }
}

/** The first thing that a newcomer can run: the course's exercise on images made from a seed. */
export const demo: Demo = {
  job: { kind: 'generate', generator: 'natural', name: 'Sample images', sampling: defaultSampling },
  run: {
    name: 'Edges from sample images',
    preset: presets[0].id,
    config: presets[0].config,
    tags: ['demo'],
  },
}

const noisePreset = presets.find(({ id }) => id === 'noise') ?? presets[0]
const { patchSize, patches, channels, normalisation } = noisePreset.data
const sampling: Sampling = { ...defaultSampling, patchSize, patches, channels, normalisation }
const noiseRun = { preset: noisePreset.id, config: noisePreset.config, tags: ['noise vs structure'] }

/** The same network on pixels that have nothing in common, and on pixels of images: it can only compress the latter. */
export const noiseVsStructure: readonly [noise: Demo, structure: Demo] = [
  {
    job: { kind: 'generate', generator: 'noise', name: 'Gaussian noise, 10 × 10', sampling },
    run: { ...noiseRun, name: 'Noise' },
  },
  {
    job: { kind: 'generate', generator: 'natural', name: 'Sample images, 10 × 10', sampling },
    run: { ...noiseRun, name: 'Structure' },
  },
]

/** Whether a dataset is a demo's, whatever it is called by now: it need not be made again. */
export function isDatasetOf({ job }: Demo, dataset: DatasetSummary): boolean {
  const same = (value: unknown) => JSON.stringify(normalisationSchema.parse(value))
  return (
    dataset.kind === job.generator &&
    dataset.patches === job.sampling.patches &&
    dataset.patchSize === job.sampling.patchSize &&
    dataset.channels === job.sampling.channels &&
    dataset.seed === job.sampling.seed &&
    same(dataset.normalisation) === same(job.sampling.normalisation)
  )
}
