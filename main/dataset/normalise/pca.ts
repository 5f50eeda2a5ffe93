import type { RemovedMean } from '#shared/domain/dataset.ts'
import { multiplyRows, principalDirections } from './principalDirections.ts'
import { whiteningStatistics, type Whitened } from './whitened.ts'

/**
 * PCA whitening, in place: each patch's own mean is removed, or that of each value over all patches, then
 * x·U(Λ + εI)^−½ with the eigenvectors U and eigenvalues Λ of the patches' covariance, strongest direction first. A patch becomes its principal components.
 * As few components as hold `keptVariance` of the variance are kept. The others are set to 0, which is how the course
 * explains leaving them out (x̂_rot = [x̃; 0]); n stays, and with it the shape of everything that follows.
 * @param patches m × n row-major
 * @param keptVariance in (0, 1]; 1 keeps all
 * @param mean         which is removed first
 * @returns the whitening matrix, whose columns are the kept directions, scaled, and then zeros
 * @throws LabError badInput where patches are flat or too wide
 * @see UFLDL tutorial, PCA and Whitening
 */
export function pca(
  patches: Float32Array,
  m: number,
  n: number,
  epsilon: number,
  keptVariance: number,
  mean: RemovedMean = 'patch',
): Whitened {
  const { eigenvalues, eigenvectors, valueMeans } = principalDirections(patches, m, n, 'PCA', mean)
  const falling = eigenvalues.toReversed()
  const components = componentsFor(falling, keptVariance)
  const matrix = new Float64Array(n * n)
  for (let component = 0; component < components; component++) {
    const scale = 1 / Math.sqrt(falling[component] + epsilon)
    for (let pixel = 0; pixel < n; pixel++) {
      matrix[pixel * n + component] = scale * eigenvectors.get(pixel, n - 1 - component)
    }
  }
  multiplyRows(patches, m, n, matrix)
  return {
    whitening: Float32Array.from(matrix),
    whiteningStatistics: whiteningStatistics(falling, components, epsilon, valueMeans),
  }
}

/** The fewest that together hold the share. */
function componentsFor(falling: readonly number[], keptVariance: number): number {
  if (keptVariance === 1) return falling.length
  const wanted = keptVariance * falling.reduce((sum, value) => sum + value, 0)
  let held = 0
  const last = falling.findIndex((value) => (held += value) >= wanted)
  return last < 0 ? falling.length : last + 1
}
