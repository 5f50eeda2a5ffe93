import type { Weights } from '#shared/domain/run.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'

/** What every file of weights holds. */
export interface ExportedWeights {
  weights: Weights
  /** Length h. */
  rhoHat: Float32Array
  config: RunConfig
}
