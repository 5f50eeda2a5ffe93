import type { Library } from '#db/library.ts'
import { patchesFile } from '#db/queries/datasets.ts'
import { getRun } from '#db/queries/runs.ts'
import type { PatchVariances } from '#shared/ipc/contract.ts'
import { heldOutCount } from '#shared/model/heldOutCount.ts'
import { heldOutRows } from '#shared/model/holdOut.ts'
import { withPatches } from './withPatches.ts'

/**
 * Variance of the patches that a run trains on, and of those it holds out: the mean squared distance from the mean
 * patch of the same ones, summed over the n values. It is what the best constant reconstruction leaves, so that an error
 * can be said as a share of it.
 * @throws LabError notFound; badInput where the patches are damaged
 */
export function patchVariances(library: Library, runId: number): PatchVariances {
  const { datasetId, datasetPatches: m, visible: n, config } = getRun(library, runId)
  const count = heldOutCount(m, config.validation)
  const isHeldOut = heldOutRows({ m, count, seed: config })
  return withPatches(patchesFile(library, datasetId), m, n, (patches) => {
    const sets = [m - count, count].map((size) => ({ size, mean: new Float64Array(n), squares: 0 }))
    patches.eachBlock((rows, first, count) => {
      for (let row = 0; row < count; row++) {
        const { mean } = sets[isHeldOut[first + row]]
        for (let i = 0; i < n; i++) mean[i] += rows[row * n + i]
      }
    })
    for (const { size, mean } of sets) for (let i = 0; i < n; i++) mean[i] /= size
    patches.eachBlock((rows, first, count) => {
      for (let row = 0; row < count; row++) {
        const set = sets[isHeldOut[first + row]]
        for (let i = 0; i < n; i++) set.squares += (rows[row * n + i] - set.mean[i]) ** 2
      }
    })
    const [trained, heldOut] = sets.map(({ squares, size }) => squares / size)
    return { trained, heldOut: count === 0 ? null : heldOut }
  })
}
