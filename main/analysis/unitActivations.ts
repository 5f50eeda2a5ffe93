import type { Library } from '#db/library.ts'
import { readPositions } from '#db/queries/datasetImages.ts'
import { patchesFile } from '#db/queries/datasets.ts'
import { hiddenFunction } from '#main/engine/activation.ts'
import type { Weights } from '#shared/domain/run.ts'
import type { Activation } from '#shared/domain/runConfig.ts'
import type { TopPatch, UnitActivations } from '#shared/domain/unit.ts'
import { activeShare } from '#shared/model/activations.ts'
import { withPatches, type PatchFile } from './withPatches.ts'
import { overlapping, topRows } from './topRows.ts'
import { unitOf } from './unitOf.ts'

const binCount = 40
const topCount = 24

/**
 * What one hidden unit makes of every patch of its dataset: m · n multiplications.
 * @param unit index from 0; @param iteration the snapshot nearest to and not after it is taken
 * @throws LabError notFound; badInput where a blob is damaged
 */
export function unitActivations(
  library: Library,
  runId: number,
  unit: number,
  iteration: number,
): UnitActivations {
  const { run, snapshot } = unitOf(library, runId, unit, iteration)
  const { visible: n, patchSize, datasetPatches: m, datasetId } = run
  return withPatches(patchesFile(library, datasetId), m, n, (patches) => {
    const shares = activeShares(patches, m, snapshot.weights, unit, run.config.activation)
    const positions = readPositions(library, datasetId)
    const isRepeat = positions === null ? samePatch(patches, shares) : overlapping(positions, patchSize ?? 1)
    const ranked = topRows(shares, topCount, isRepeat)
    const topPatches = patches.read(ranked.map(({ row }) => row))
    return {
      iteration: snapshot.iteration,
      patches: m,
      ...spread(shares),
      histogram: { min: 0, max: 1, counts: binned(shares) },
      top: ranked.map(({ row, rank }, i): TopPatch => {
        const at = 3 * row
        return {
          row,
          rank,
          activation: shares[row],
          position:
            positions === null ? null : { image: positions[at], x: positions[at + 1], y: positions[at + 2] },
          ...moments(topPatches.subarray(i * n, (i + 1) * n)),
        }
      }),
      topPatches,
    }
  })
}

/** Whether two patches are equal; those that are have equal activations too, so that few are read. */
const samePatch =
  (patches: PatchFile, shares: Float32Array) =>
  (a: number, b: number): boolean => {
    if (shares[a] !== shares[b]) return false
    const [one, other] = [patches.read([a]), patches.read([b])]
    return one.every((value, k) => value === other[k])
  }

/** The unit's activation on each patch as a share of active, length m. */
function activeShares(
  patches: PatchFile,
  m: number,
  { W1, b1, visible: n }: Weights,
  unit: number,
  activation: Activation,
): Float32Array {
  const filter = W1.subarray(unit * n, (unit + 1) * n)
  const activations = new Float64Array(m)
  patches.eachBlock((rows, first, count) => {
    for (let i = 0; i < count; i++) {
      let z = b1[unit]
      for (let k = 0, at = i * n; k < n; k++, at++) z += filter[k] * rows[at]
      activations[first + i] = z
    }
  })
  hiddenFunction({ activation }).apply(activations)
  return Float32Array.from(activations, (value) => activeShare(activation, value))
}

function spread(shares: Float32Array) {
  const ascending = shares.toSorted()
  const m = ascending.length
  let sum = 0
  let above = 0
  for (const share of shares) {
    sum += share
    if (share > 0.5) above++
  }
  const middle = m >> 1
  const median = m % 2 === 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2
  return { average: sum / m, median, largest: ascending[m - 1], aboveHalf: above / m }
}

/** How many shares lie in each fortieth of 0 to 1. */
function binned(shares: Float32Array): number[] {
  const counts = Array.from({ length: binCount }, () => 0)
  for (const share of shares) {
    if (share >= 0) counts[Math.min(binCount - 1, Math.floor(share * binCount))]++
  }
  return counts
}

function moments(patch: Float32Array): { mean: number; deviation: number } {
  const mean = patch.reduce((sum, value) => sum + value, 0) / patch.length
  const squares = patch.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, deviation: Math.sqrt(squares / patch.length) }
}
