import type { Library } from '#db/library.ts'
import { readPositions } from '#db/queries/datasetImages.ts'
import { patchesFile } from '#db/queries/datasets.ts'
import { getRun } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { forward } from '#main/engine/forward.ts'
import type { Reconstructions } from '#shared/ipc/contract.ts'
import { overlapping, topRows } from './topRows.ts'
import { withPatches } from './withPatches.ts'

/**
 * The patches of a run's dataset that the network reconstructs worst, by squared error, worst first; of patches that
 * overlap in one image only the worst.
 * @param iteration the snapshot nearest to and not after it is taken
 * @returns null where there is no snapshot yet
 * @throws LabError notFound; badInput where a blob is damaged
 */
export function worstPatches(
  library: Library,
  runId: number,
  iteration: number,
  count: number,
): Reconstructions | null {
  const snapshot = readSnapshot(library, runId, iteration)
  if (!snapshot) return null
  const run = getRun(library, runId)
  const { visible: n, patchSize, datasetPatches: m, datasetId, config } = run
  return withPatches(patchesFile(library, datasetId), m, n, (file) => {
    const errors = new Float32Array(m)
    file.eachBlock((rows, first, inBlock) => {
      const { reconstructions } = forward(snapshot.weights, config, rows.subarray(0, inBlock * n), inBlock)
      for (let i = 0; i < inBlock * n; i++) {
        errors[first + Math.floor(i / n)] += (reconstructions[i] - rows[i]) ** 2
      }
    })
    const positions = readPositions(library, datasetId)
    const isRepeat = positions === null ? () => false : overlapping(positions, patchSize ?? 1)
    const rows = topRows(errors, count, isRepeat).map(({ row }) => row)
    const patches = file.read(rows)
    const { reconstructions } = forward(snapshot.weights, config, patches, rows.length)
    return { count: rows.length, patches, outputs: Float32Array.from(reconstructions) }
  })
}
