import type { Normalisation } from '#shared/domain/dataset.ts'
import type { Weights } from '#shared/domain/run.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import type { Whitening } from '#shared/filters/pixelFilters.ts'

/** What every file of weights holds. */
export interface ExportedWeights {
  weights: Weights
  /** Length h. */
  rhoHat: Float32Array
  config: RunConfig
  /** Of the patches that they learnt from. */
  normalisation?: Normalisation
  /** How patches are whitened before they reach these weights; null where they are not. */
  whitening?: Whitening | null
}
