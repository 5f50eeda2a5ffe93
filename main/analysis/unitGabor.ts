import type { Library } from '#db/library.ts'
import { fitGabor, type GaborFit } from '#shared/filters/gaborFit.ts'
import { unitOf } from './unitOf.ts'

/**
 * A Gabor function fitted to a unit's filter.
 * @returns null for a dead unit, and where patches are not square or smaller than 6 × 6
 * @throws LabError notFound; badInput where a blob is damaged
 */
export function unitGabor(library: Library, runId: number, unit: number, iteration: number): GaborFit | null {
  const { run, snapshot } = unitOf(library, runId, unit, iteration)
  const { W1, visible: n } = snapshot.weights
  if (run.patchSize === null) return null
  return fitGabor(W1.subarray(unit * n, (unit + 1) * n), run.patchSize, run.channels)
}
