import type { RemovedMean } from '#shared/domain/dataset.ts'
import { multiplyRows, principalDirections } from './principalDirections.ts'
import { whiteningStatistics, type Whitened } from './whitened.ts'

/**
 * ZCA whitening, in place: each patch's own mean is removed, or that of each value over all patches, then
 * x·U(Λ + εI)^−½Uᵀ with the eigenvectors U and eigenvalues Λ of the patches' covariance. float64 throughout.
 * @param patches m × n row-major
 * @param mean    which is removed first
 * @returns the whitening matrix, symmetric
 * @throws LabError badInput where patches are flat or too wide
 */
export function zca(
  patches: Float32Array,
  m: number,
  n: number,
  epsilon: number,
  mean: RemovedMean = 'patch',
): Whitened {
  const { eigenvalues, eigenvectors, valueMeans } = principalDirections(patches, m, n, 'ZCA', mean)
  const scales = eigenvalues.map((value) => 1 / Math.sqrt(value + epsilon))
  const scaled = eigenvectors.clone().mulRowVector(scales)
  const matrix = Float64Array.from(scaled.mmul(eigenvectors.transpose()).to1DArray())
  multiplyRows(patches, m, n, matrix)
  return {
    whitening: Float32Array.from(matrix),
    whiteningStatistics: whiteningStatistics(eigenvalues.toReversed(), n, epsilon, valueMeans),
  }
}
