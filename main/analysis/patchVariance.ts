import type { Library } from '#db/library.ts'
import { getDataset, patchesFile } from '#db/queries/datasets.ts'
import { withPatches } from './withPatches.ts'

/**
 * Variance of a dataset's patches: the mean squared distance from the mean patch, summed over the n values. It is what
 * the best constant reconstruction leaves, so that an error can be said as a share of it.
 * @throws LabError notFound; badInput where the patches are damaged
 */
export function patchVariance(library: Library, datasetId: number): number {
  const { patches: m, visible: n } = getDataset(library, datasetId)
  return withPatches(patchesFile(library, datasetId), m, n, (patches) => {
    const sums = new Float64Array(n)
    patches.eachBlock((rows) => {
      for (let i = 0; i < rows.length; i++) sums[i % n] += rows[i]
    })
    const mean = sums.map((sum) => sum / m)
    let squares = 0
    patches.eachBlock((rows) => {
      for (let i = 0; i < rows.length; i++) squares += (rows[i] - mean[i % n]) ** 2
    })
    return squares / m
  })
}
