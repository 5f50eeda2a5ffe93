import type { GeneratorName, Sampling } from '#shared/domain/dataset.ts'

export interface Generator {
  value: GeneratorName
  label: string
  /** Proposed for the dataset. */
  name: string
  what: string
  sampling: Partial<Sampling>
}

/** The built-in data, what it is good for, and how its patches are best taken. */
export const generators: readonly Generator[] = [
  {
    value: 'natural',
    label: 'Natural',
    name: 'sample images',
    what: 'Dead leaves: discs and shapes that hide one another, with the statistics of photographs. Edges appear.',
    sampling: { patchSize: 8, normalisation: { kind: 'squash', range: 'sigmoid' } },
  },
  {
    value: 'noise',
    label: 'Noise',
    name: 'noise',
    what: 'Independent Gaussian pixels: nothing to find. The contrast that shows what structure is.',
    sampling: { patchSize: 10, channels: 1, normalisation: { kind: 'squash', range: 'sigmoid' } },
  },
  {
    value: 'bars',
    label: 'Bars',
    name: 'bars',
    what: 'Földiák’s bars: each row and column is lit by chance. Its true features are known: the single bars.',
    sampling: { patchSize: 8, channels: 1, normalisation: { kind: 'none' } },
  },
]
