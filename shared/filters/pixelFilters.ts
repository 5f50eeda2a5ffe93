/** Whether filters are drawn as the network has them, or as what they look for in pixels. */
export const filterSpaces = ['whitened', 'pixels'] as const
export type FilterSpace = (typeof filterSpaces)[number]

/**
 * What hidden units over whitened patches look for in pixels. A patch x becomes (x − mean(x))·M, so a unit with weights
 * w sums w·Mᵀ(x − mean(x)) = P·M·w · x, where P takes the mean away. The unit-norm patch that maximises it is P·M·w / ‖P·M·w‖.
 * @param filters   count × n row-major: rows of W1
 * @param whitening M, n × n row-major
 * @returns count × n row-major, not normalised
 */
export function pixelFilters(filters: Float32Array, whitening: Float32Array): Float32Array {
  const n = Math.round(Math.sqrt(whitening.length))
  const result = new Float32Array(filters.length)
  for (let start = 0; start < filters.length; start += n) {
    let sum = 0
    for (let pixel = 0; pixel < n; pixel++) {
      let value = 0
      for (let k = 0; k < n; k++) value += whitening[pixel * n + k] * filters[start + k]
      result[start + pixel] = value
      sum += value
    }
    for (let pixel = 0; pixel < n; pixel++) result[start + pixel] -= sum / n
  }
  return result
}

/** Filters in pixels; without a whitening they are that already. */
export const inPixels = (filters: Float32Array, whitening: Float32Array | null): Float32Array =>
  whitening === null ? filters : pixelFilters(filters, whitening)
