import { z } from 'zod'
import { datasetKinds, normalisationSchema } from '#shared/domain/dataset.ts'
import { datasetRecipeSchema } from '#shared/domain/datasetSource.ts'
import { outcomes } from '#shared/domain/run.ts'
import { initialWeightsSchema } from '#shared/domain/initialWeights.ts'
import { engineNames, runConfigSchema } from '#shared/domain/runConfig.ts'
import { datasetStatisticsSchema } from './datasetStatistics.ts'

export const bundleFormat = 'rho-lab-bundle'
/**
 * Counts up when an older Rho Lab could no longer make sense of a bundle. In one of version 1 every file lies in the
 * archive; in one of version 2 what is equal lies in it once; one of version 3 has labels of patches.
 */
export const bundleVersion = 3
export const versionWithoutLabels = 2
export const mostRuns = 10_000
/** Bytes; a text that JavaScript can hold. */
export const longestManifest = 400 << 20

const text = z.string().max(1 << 20)
const line = z.string().max(4096)
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const time = z
  .string()
  .max(40)
  .refine((value) => !Number.isNaN(Date.parse(value)))

const mostClasses = 1_000_000
/** 1 GiB of float32, as everywhere. */
const mostValues = 2 ** 28

export const bundledDatasetSchema = z
  .object({
    name: z.string().trim().min(1).max(200),
    kind: z.enum(datasetKinds),
    origin: line,
    notes: text.default(''),
    /** m, n, and SHA-256 of the patches as float32, m × n row-major. */
    patches: z.number().int().min(1),
    visible: z.number().int().min(1),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    patchSize: z.number().int().min(1).max(4096).nullable(),
    channels: z.union([z.literal(1), z.literal(3)]),
    normalisation: normalisationSchema,
    seed: z.number().int().min(0),
    /** How it can be made again; not in older bundles, and not needed to open one. */
    recipe: datasetRecipeSchema.nullable().catch(null),
    statistics: datasetStatisticsSchema,
    skippedFiles: z.array(z.object({ file: line, reason: line })),
    images: z.array(
      z.object({
        file: line,
        width: count,
        height: count,
        patches: count,
        /** Of the thumbnail; 0 where the bundle has none. */
        thumbnail: z.object({
          width: z.number().int().min(0).max(4096),
          height: z.number().int().min(0).max(4096),
        }),
      }),
    ),
    preview: z.object({ count: z.number().int().min(0).max(100_000), before: z.boolean() }),
    whitening: z.boolean(),
    /** Whether the patches and all that belongs to them are in the bundle. */
    hasPatches: z.boolean(),
    positions: z.boolean(),
    /** Classes that the patches in the bundle have; null or missing where they have none. */
    classes: z.array(line).max(mostClasses).nullable().default(null),
    columnNames: z.array(line).nullable().default(null),
    importRemarks: z.array(line).default([]),
  })
  .refine((dataset) => dataset.patches * dataset.visible <= mostValues)
  .refine(
    ({ patchSize, channels, visible }) => patchSize === null || patchSize * patchSize * channels === visible,
  )
export type BundledDataset = z.infer<typeof bundledDatasetSchema>

export const bundledRunSchema = z.object({
  name: z.string().trim().min(1).max(200),
  /** Place in the list of datasets. */
  dataset: z.number().int().min(0),
  status: z.enum(['finished', 'stopped', 'failed', 'interrupted']),
  outcome: z.enum(outcomes).nullable(),
  message: text.nullable(),
  preset: line.nullable(),
  tags: z.array(z.string().max(60)).max(50),
  notes: text,
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  config: runConfigSchema,
  initialWeights: initialWeightsSchema.nullable().default(null),
  engine: z
    .object({
      engine: z.enum(engineNames),
      backend: line,
      device: line,
      precision: z.enum(['float32', 'float64']),
      threads: z.number().int().min(1).optional(),
      reason: line,
    })
    .nullable(),
  engineVersions: z.record(line, line),
  appVersion: line,
  machine: line,
  /** Recorded iterations, and columns of their metrics. */
  iterations: z.number().int().min(0).max(10_000_000),
  metrics: z.array(line).max(100),
  /** Iterations of which ρ̂ of every unit is kept. */
  rhoHats: z.number().int().min(0).max(10_000_000),
  /** Iterations of which the weights are kept. */
  snapshots: z.array(count).max(100_000),
  /** Iteration from which it can be resumed; null where it cannot. */
  checkpoint: count.nullable(),
})
export type BundledRun = z.infer<typeof bundledRunSchema>

export const manifestSchema = z.object({
  format: z.literal(bundleFormat),
  version: z.literal([1, versionWithoutLabels, bundleVersion]),
  datasets: z.array(bundledDatasetSchema).max(mostRuns),
  runs: z.array(bundledRunSchema).min(1).max(mostRuns),
  /** Every other file of the bundle. */
  files: z.record(line, z.object({ sizeBytes: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
})
export type Manifest = z.infer<typeof manifestSchema>
