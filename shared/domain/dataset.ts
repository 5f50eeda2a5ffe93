import { z } from 'zod'
import { activationNames, type ActivationName } from '../model/activations.ts'
import { streamKinds } from '../random/stream.ts'
import type { DatasetRecipe } from './datasetSource.ts'
import type { LabelClass } from './labels.ts'

const epsilon = z.number({ error: 'ε must be larger than 0.' }).gt(0, 'ε must be larger than 0.').default(0.1)

const keptVarianceSentence = 'The kept share of the variance must lie between 0 and 1.'
const keptVariance = z
  .number({ error: keptVarianceSentence })
  .gt(0, keptVarianceSentence)
  .max(1, keptVarianceSentence)
  .default(1)

/** Absent: each patch's own, as in every dataset that was whitened before there was a choice. */
const mean = z.literal('value').optional()

/** Which mean whitening removes: each patch's own, or that of each value over all patches. */
export const removedMeans = ['patch', 'value'] as const
export type RemovedMean = (typeof removedMeans)[number]

/**
 * The mean that whitening removes where nobody chose: the course's, which keeps the colour of a patch where it has one.
 */
export const usualMean = (channels: 1 | 3): RemovedMean => (channels === 3 ? 'value' : 'patch')

/** As a normalisation holds it. */
export const storedMean = (removed: RemovedMean): { mean?: 'value' } =>
  removed === 'value' ? { mean: 'value' } : {}

/** The units that patches are made for where nobody says which. */
export const usualRange: ActivationName = 'sigmoid'

/**
 * How raw pixel values in [0, 1] become patches.
 * `squash`: the course's: remove each patch's mean, clip at ±3σ, map to where units of a kind reach:
 * [0.1, 0.9] for sigmoid, [−0.8, 0.8] for tanh.
 * `zca`: remove each patch's mean, or with `mean: 'value'` that of each value over all patches, then whiten with
 * x·U(Λ + εI)^−½Uᵀ. `pca`: the same without the turn back, x·U(Λ + εI)^−½: a patch becomes its principal components,
 * strongest first; those beyond the kept share of the variance are 0, so that n stays. `mean`: remove each patch's mean.
 * `none`: values as they are.
 */
export const normalisationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('squash'), range: z.enum(activationNames).default(usualRange) }),
  z.strictObject({ kind: z.literal('mean') }),
  z.strictObject({ kind: z.literal('zca'), epsilon, mean }),
  z.strictObject({ kind: z.literal('pca'), epsilon, keptVariance, mean }),
  z.strictObject({ kind: z.literal('none') }),
])
export type Normalisation = z.infer<typeof normalisationSchema>

/** Whether values become something else than pixels. */
export const whitens = ({ kind }: Pick<Normalisation, 'kind'>): boolean => kind === 'zca' || kind === 'pca'

export const datasetKinds = ['images', 'array', 'natural', 'noise', 'bars'] as const
export type DatasetKind = (typeof datasetKinds)[number]

export const generatorNames = ['natural', 'noise', 'bars'] as const
export type GeneratorName = (typeof generatorNames)[number]

const minContrastSentence = 'The least contrast must lie between 0 and 0.5.'

/** How patches are taken from images; the same images, sampling and seed give the same bytes. */
export const samplingSchema = z.strictObject({
  patchSize: z
    .number({ error: 'The patch size must be a whole number from 2 to 64.' })
    .int('The patch size must be a whole number from 2 to 64.')
    .min(2, 'The patch size must be a whole number from 2 to 64.')
    .max(64, 'The patch size must be a whole number from 2 to 64.'),
  patches: z
    .number({ error: 'The number of patches must be a whole number from 1 to 1000000.' })
    .int('The number of patches must be a whole number from 1 to 1000000.')
    .min(1, 'The number of patches must be a whole number from 1 to 1000000.')
    .max(1_000_000, 'The number of patches must be a whole number from 1 to 1000000.'),
  channels: z.union([z.literal(1), z.literal(3)]),
  normalisation: normalisationSchema,
  seed: z
    .number({ error: 'The seed must be a whole number.' })
    .int('The seed must be a whole number.')
    .min(0, 'The seed must be 0 or larger.')
    .max(0xffffffff, 'The seed must be at most 4294967295.'),
  /** Absent in what was stored before there was a choice: `shared`. */
  streams: z.enum(streamKinds).optional(),
  /**
   * A JPEG's grey is its own luma. Absent in what was stored before: that of its colours, by another decoder, which
   * differs by rounding.
   */
  jpeg: z.literal('luma').optional(),
  /** Pages of a TIFF file that are images of their own. Absent in what was stored before: the first. */
  pages: z.enum(['all', 'first']).optional(),
  /** An image file that is there twice, byte for byte, counts once. */
  unique: z.boolean().optional(),
  /** Patches whose own standard deviation, before normalisation, is smaller are drawn again. */
  minContrast: z
    .number({ error: minContrastSentence })
    .gt(0, minContrastSentence)
    .max(0.5, minContrastSentence)
    .optional(),
})
export type Sampling = z.infer<typeof samplingSchema>

export const defaultSampling: Sampling = {
  patchSize: 8,
  patches: 10_000,
  channels: 1,
  normalisation: { kind: 'squash', range: usualRange },
  seed: 1,
  streams: 'separate',
  jpeg: 'luma',
  pages: 'all',
}

/** A file that was left out of an import, and why in one sentence. */
export interface SkippedFile {
  file: string
  reason: string
}

/** Equal-width bins from `min` to `max`; `counts` sums to the number of values. */
export interface Histogram {
  min: number
  max: number
  counts: number[]
}

export interface ValueStatistics {
  mean: number
  deviation: number
  histogram: Histogram
}

export interface DatasetStatistics {
  /** Of the sampled pixels before normalisation; absent for an imported array. */
  before: ValueStatistics | null
  after: ValueStatistics
  /** ±3σ of the mean-free values, and the share of values clipped there; `squash` only. */
  threeSigma: number | null
  clippedShare: number | null
  /**
   * Each patch's own standard deviation, before normalisation where there is a before. This and what follows is
   * missing from datasets of Rho Lab 0.1.
   */
  contrast?: ValueStatistics
  /** null where patches are no squares. */
  spectrum?: PowerSpectrum | null
  /** `zca` and `pca` only. */
  whitening?: WhiteningStatistics | null
  /** Images with transparent pixels, put over mid grey; of imported image files only. */
  transparentImages?: number
}

/**
 * Power of the patches by spatial frequency, averaged over all directions and many patches, means removed. White
 * noise has its variance at every frequency; photographs fall about as 1/f².
 */
export interface PowerSpectrum {
  /** Cycles per pixel, ascending up to 0.5. */
  frequencies: number[]
  /** null for an imported array. */
  before: number[] | null
  /** null where the values are no pixels any more (`pca`). */
  after: number[] | null
}

export interface WhiteningStatistics {
  /** Variance along each principal direction before whitening, largest first; length n. */
  eigenvalues: number[]
  /** Directions that were kept; n but for `pca` with a smaller share. */
  components: number
  /** Share of the variance in the directions that were kept. */
  keptVariance: number
  /** The same share with ε counted: of each direction λ / (λ + ε) is left. */
  keptAfterEpsilon: number
  /** Mean of each value over all patches, which was removed; length n. Absent where each patch's own was. */
  mean?: number[]
}

/** A dataset as lists show it; never holds patches or thumbnails. */
export interface DatasetSummary {
  id: number
  name: string
  kind: DatasetKind
  createdAt: string
  /** m */
  patches: number
  /** n = patchSize² · channels; for an imported array of another width patchSize is null */
  visible: number
  patchSize: number | null
  channels: 1 | 3
  normalisation: Normalisation
  seed: number
  /** SHA-256 of the patches blob (float32, little-endian, m × n row-major). */
  hash: string
  sizeBytes: number
  images: number
  skipped: number
  runs: number
  /** Where it came from: a folder, a file, or a generator with its parameters. */
  origin: string
  /** Classes of its patches; null where they have none. */
  labels: { classes: LabelClass[] } | null
}

/** One source image with its grey or RGB thumbnail (RGBA bytes, row-major). */
export interface DatasetImage {
  index: number
  file: string
  width: number
  height: number
  /** Patches sampled from it. */
  patches: number
  thumbnail: { width: number; height: number; rgba: Uint8Array } | null
}

/** A dataset as its own page shows it. */
export interface DatasetDetail extends DatasetSummary {
  statistics: DatasetStatistics
  skippedFiles: SkippedFile[]
  imagesList: DatasetImage[]
  /** The first patches before and after normalisation, k × n row-major; `before` is null for arrays. */
  preview: { count: number; before: Float32Array | null; after: Float32Array }
  notes: string
  /** Names of the values, where their file had some. */
  columnNames: string[] | null
  /** What was found and done on importing, in sentences. */
  importRemarks: string[]
  /** How it can be made again; null where that is not known (Rho Lab 0.1, and bundles of it). */
  recipe: DatasetRecipe | null
  /** The dataset that it was derived from, if that is still there. */
  derivedFrom: { id: number; name: string } | null
  /** Everything that is kept of it: patches, positions, whitening, previews, thumbnails. */
  storedBytes: number
}

export interface ImportProgress {
  /** What it does now. */
  stage: 'listing' | 'reading' | 'normalising' | 'writing'
  done: number
  total: number
  skipped: number
}
