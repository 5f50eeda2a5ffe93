import type { Library } from '#db/library.ts'
import { readWhitening } from '#db/queries/datasets.ts'
import { listRunsAlike, readFilters } from '#db/queries/units.ts'
import type { UnitMatch } from '#shared/domain/unit.ts'
import { inPixels, type FilterSpace, type Whitening } from '#shared/filters/pixelFilters.ts'
import { cosineSimilarity } from '#shared/filters/similarity.ts'
import { unitOf } from './unitOf.ts'

const mostRuns = 50

/**
 * The filter most like a unit's in each of the 50 newest other runs of the same patch size, by plain cosine of the
 * weights, most similar first. Runs whose weights cannot be read are left out.
 * @param space what is returned of those over whitened patches: the weights, or what they look for in pixels
 * @throws LabError notFound; badInput where the unit's own weights are damaged
 */
export function unitMatches(
  library: Library,
  runId: number,
  unit: number,
  iteration: number,
  space: FilterSpace,
): UnitMatch[] {
  const { snapshot } = unitOf(library, runId, unit, iteration)
  const { W1, visible: n } = snapshot.weights
  const filter = W1.subarray(unit * n, (unit + 1) * n)
  const whitenings = new Map<number, Whitening | null>()
  const drawn = (weights: Float32Array, datasetId: number): Float32Array => {
    if (space === 'whitened') return weights
    if (!whitenings.has(datasetId)) whitenings.set(datasetId, readWhitening(library, datasetId))
    return inPixels(weights, whitenings.get(datasetId) ?? null)
  }
  return listRunsAlike(library, runId, mostRuns)
    .flatMap(({ id, name, datasetId }): UnitMatch[] => {
      const other = filtersOrNull(library, id)
      if (other === null) return []
      let best = { unit: 0, cosine: -Infinity }
      for (let k = 0; k < other.units; k++) {
        const cosine = cosineSimilarity(filter, other.W1.subarray(k * n, (k + 1) * n))
        if (cosine > best.cosine) best = { unit: k, cosine }
      }
      const of = drawn(other.W1.slice(best.unit * n, (best.unit + 1) * n), datasetId)
      return [{ runId: id, name, iteration: other.iteration, ...best, filter: of }]
    })
    .sort((a, b) => b.cosine - a.cosine)
}

function filtersOrNull(library: Library, runId: number) {
  try {
    return readFilters(library, runId)
  } catch {
    // A damaged file of another run must not hide the others.
    return null
  }
}
