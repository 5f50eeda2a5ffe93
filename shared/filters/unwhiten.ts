/** Of the squared length of what is asked for: beyond it float32 weights say nothing. */
const tolerance = 1e-14

/**
 * A patch of whitened values, or a column of the decoder, as the patch of pixels that it stands for. A patch x becomes
 * (x − mean(x))·M; back goes v·M⁺, less its mean, which whitening took away. Directions that whitening dropped (PCA) stay
 * empty. By conjugate gradients on ‖x·M − v‖², which from 0 lead to the shortest of the nearest patches.
 * @param values    v, length n
 * @param whitening M, n × n row-major
 */
export function unwhiten(values: Float32Array, whitening: Float32Array): Float32Array {
  const n = values.length
  const patch = new Float64Array(n)
  const residual = Float64Array.from(values)
  let slope = timesTransposed(residual, whitening)
  let slopeSquared = squaredLength(slope)
  const direction = slope.slice()
  const enough = tolerance * slopeSquared
  for (let step = 0; step < 4 * n && slopeSquared > enough; step++) {
    const change = times(direction, whitening)
    const length = slopeSquared / squaredLength(change)
    for (let i = 0; i < n; i++) {
      patch[i] += length * direction[i]
      residual[i] -= length * change[i]
    }
    slope = timesTransposed(residual, whitening)
    const next = squaredLength(slope)
    for (let i = 0; i < n; i++) direction[i] = slope[i] + (next / slopeSquared) * direction[i]
    slopeSquared = next
  }
  const mean = patch.reduce((sum, value) => sum + value, 0) / n
  return Float32Array.from(patch, (value) => value - mean)
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
