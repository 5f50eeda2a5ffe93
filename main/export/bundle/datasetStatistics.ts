import { z } from 'zod'
import type { DatasetStatistics } from '#shared/domain/dataset.ts'

const numbers = z.array(z.number()).max(1 << 20)

const valueStatistics = z.object({
  mean: z.number(),
  deviation: z.number(),
  histogram: z.object({ min: z.number(), max: z.number(), counts: numbers }),
})

/** What a dataset's page draws, as a bundle must hold it. */
export const datasetStatisticsSchema: z.ZodType<DatasetStatistics> = z.object({
  before: valueStatistics.nullable(),
  after: valueStatistics,
  threeSigma: z.number().nullable(),
  clippedShare: z.number().nullable(),
  contrast: valueStatistics.optional(),
  spectrum: z
    .object({ frequencies: numbers, before: numbers.nullable(), after: numbers.nullable() })
    .nullable()
    .optional(),
  whitening: z
    .object({
      eigenvalues: numbers,
      components: z.number(),
      keptVariance: z.number(),
      keptAfterEpsilon: z.number(),
      mean: numbers.optional(),
    })
    .nullable()
    .optional(),
  transparentImages: z.number().int().min(0).optional(),
})
