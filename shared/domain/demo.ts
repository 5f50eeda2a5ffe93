import { defaultSampling, type DatasetSummary } from './dataset.ts'
import { presets } from './presets.ts'

/** The first thing that a newcomer can run: the course's exercise on images made from a seed. */
export const demo = {
  job: {
    kind: 'generate',
    generator: 'natural',
    name: 'Sample images',
    sampling: defaultSampling,
  },
  run: {
    name: 'Edges from sample images',
    preset: presets[0].id,
    config: presets[0].config,
    tags: ['demo'],
  },
} as const

/** Whether a dataset is the demo's, so that it need not be made again. */
export const isDemoDataset = (dataset: DatasetSummary): boolean =>
  dataset.kind === 'natural' &&
  dataset.patches === defaultSampling.patches &&
  dataset.patchSize === defaultSampling.patchSize &&
  dataset.channels === defaultSampling.channels &&
  dataset.seed === defaultSampling.seed &&
  JSON.stringify(dataset.normalisation) === JSON.stringify(defaultSampling.normalisation)
