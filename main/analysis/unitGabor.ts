import type { Library } from '#db/library.ts'
import { readWhitening } from '#db/queries/datasets.ts'
import { fitGabor, type GaborFit } from '#shared/filters/gaborFit.ts'
import { inPixels, type FilterSpace } from '#shared/filters/pixelFilters.ts'
import { unitOf } from './unitOf.ts'

/**
 * A Gabor function fitted to a unit's filter.
 * @param space of a filter over whitened patches: its weights, or what they look for in pixels
 * @returns null for a dead unit, and where patches are not square or smaller than 6 × 6
 * @throws LabError notFound; badInput where a blob is damaged
 */
export function unitGabor(
  library: Library,
  runId: number,
  unit: number,
  iteration: number,
  space: FilterSpace,
): GaborFit | null {
  const { run, snapshot } = unitOf(library, runId, unit, iteration)
  const { W1, visible: n } = snapshot.weights
  if (run.patchSize === null) return null
  const weights = W1.subarray(unit * n, (unit + 1) * n)
  const filter = space === 'pixels' ? inPixels(weights, readWhitening(library, run.datasetId)) : weights
  return fitGabor(filter, run.patchSize, run.channels)
}
