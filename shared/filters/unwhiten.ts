import type { Whitening } from './pixelFilters.ts'

/** Of the squared length of what is asked for: beyond it float32 weights say nothing. */
const tolerance = 1e-14

/**
 * A column of the decoder over whitened values as what it adds to a patch of pixels: v·M⁺, and where each patch's own
 * mean was removed, less its mean. Directions that whitening dropped (PCA) stay empty. By conjugate gradients on
 * ‖x·M − v‖², which from 0 lead to the shortest of the nearest patches.
 * @param values v, length n
 */
export function unwhiten(values: Float32Array, { matrix: M, mean: removed }: Whitening): Float32Array {
  const n = values.length
  const patch = new Float64Array(n)
  const residual = Float64Array.from(values)
  let slope = timesTransposed(residual, M)
  let slopeSquared = squaredLength(slope)
  const direction = slope.slice()
  const enough = tolerance * slopeSquared
  for (let step = 0; step < 4 * n && slopeSquared > enough; step++) {
    const change = times(direction, M)
    const length = slopeSquared / squaredLength(change)
    for (let i = 0; i < n; i++) {
      patch[i] += length * direction[i]
      residual[i] -= length * change[i]
    }
    slope = timesTransposed(residual, M)
    const next = squaredLength(slope)
    for (let i = 0; i < n; i++) direction[i] = slope[i] + (next / slopeSquared) * direction[i]
    slopeSquared = next
  }
  if (removed !== null) return Float32Array.from(patch)
  const mean = patch.reduce((sum, value) => sum + value, 0) / n
  return Float32Array.from(patch, (value) => value - mean)
}

/**
 * Whitened patches, or reconstructions of them, as pixels: x·M⁺ + the mean of each value. Where each patch's own mean was
 * removed it is not known any more: patches come back around 0.
 * @param patches count × n row-major
 */
export function patchesInPixels(patches: Float32Array, whitening: Whitening): Float32Array {
  const n = Math.round(Math.sqrt(whitening.matrix.length))
  const pixels = new Float32Array(patches.length)
  for (let start = 0; start < patches.length; start += n) {
    pixels.set(unwhiten(patches.subarray(start, start + n), whitening), start)
  }
  const { mean } = whitening
  return mean === null ? pixels : pixels.map((value, i) => value + mean[i % n])
}

const squaredLength = (vector: Float64Array): number => vector.reduce((sum, value) => sum + value * value, 0)

/** x·M */
function times(x: Float64Array, M: Float32Array): Float64Array {
  const n = x.length
  const product = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) product[k] += x[i] * M[i * n + k]
  }
  return product
}

/** x·Mᵀ */
function timesTransposed(x: Float64Array, M: Float32Array): Float64Array {
  const n = x.length
  const product = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let k = 0; k < n; k++) sum += M[i * n + k] * x[k]
    product[i] = sum
  }
  return product
}
