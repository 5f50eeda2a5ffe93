import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { RemovedMean } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'
import { refuseFlat } from './refuseFlat.ts'
import { removePatchMeans } from './removePatchMeans.ts'
import { removeValueMeans } from './removeValueMeans.ts'

/** 16 × 16 in colour, 27 × 27 in grey; the decomposition takes n³ steps, about 15 s at this width. */
export const maximumWhitenedPixels = 768

export interface PrincipalDirections {
  /** Variance along each direction, smallest first; never below 0. */
  eigenvalues: number[]
  /** Directions as columns, n × n. */
  eigenvectors: Matrix
  /** Mean of each value, where that was removed; else null. */
  valueMeans: number[] | null
}

/**
 * Removes a mean, in place, and finds the principal directions of what is left, in float64.
 * @param patches m × n row-major
 * @param name    of the whitening, for messages
 * @param mean    that goes: each patch's own, or that of each value over all patches
 * @throws LabError badInput where patches are flat or too wide
 */
export function principalDirections(
  patches: Float32Array,
  m: number,
  n: number,
  name: string,
  mean: RemovedMean,
): PrincipalDirections {
  if (n > maximumWhitenedPixels) {
    const limit = maximumWhitenedPixels
    throw new LabError(
      'badInput',
      `${name} takes at most ${limit} values a patch, not ${n}. Choose smaller patches.`,
    )
  }
  const { deviation, valueMeans } =
    mean === 'value'
      ? removeValueMeans(patches, m, n)
      : { deviation: removePatchMeans(patches, m, n), valueMeans: null }
  refuseFlat(deviation)
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance(patches, m, n), {
    assumeSymmetric: true,
  })
  // Rounding can leave a tiny negative eigenvalue where a direction is empty (a patch's mean is).
  const eigenvalues = realEigenvalues.map((value) => Math.max(value, 0))
  return { eigenvalues, eigenvectors: eigenvectorMatrix, valueMeans }
}

/** n × n covariance around the patches' mean. */
function covariance(patches: Float32Array, m: number, n: number): Matrix {
  const mean = new Float64Array(n)
  for (let i = 0; i < patches.length; i++) mean[i % n] += patches[i]
  for (let j = 0; j < n; j++) mean[j] /= m

  const sums = new Float64Array(n * n)
  const centred = new Float64Array(n)
  for (let row = 0; row < m; row++) {
    for (let j = 0; j < n; j++) centred[j] = patches[row * n + j] - mean[j]
    for (let j = 0; j < n; j++) {
      const value = centred[j]
      const line = j * n
      for (let k = j; k < n; k++) sums[line + k] += value * centred[k]
    }
  }
  const result = new Matrix(n, n)
  for (let j = 0; j < n; j++) {
    for (let k = j; k < n; k++) {
      const value = sums[j * n + k] / m
      result.set(j, k, value)
      result.set(k, j, value)
    }
  }
  return result
}

/** Replaces each row x by x·matrix. */
export function multiplyRows(patches: Float32Array, m: number, n: number, matrix: Float64Array): void {
  const product = new Float64Array(n)
  for (let row = 0; row < m; row++) {
    const start = row * n
    product.fill(0)
    for (let j = 0; j < n; j++) {
      const value = patches[start + j]
      const line = j * n
      for (let k = 0; k < n; k++) product[k] += value * matrix[line + k]
    }
    patches.set(product, start)
  }
}
