/** Whether filters are drawn as the network has them, or as what they look for in pixels. */
export const filterSpaces = ['whitened', 'pixels'] as const
export type FilterSpace = (typeof filterSpaces)[number]

/** How a dataset was whitened: a patch x became (x − mean)·M. */
export interface Whitening {
  /** M, n × n row-major */
  matrix: Float32Array
  /** Of each value over all patches, length n; null where each patch's own mean was removed. */
  mean: Float32Array | null
}

/**
 * What hidden units over whitened patches look for in pixels. A unit with weights w sums w·Mᵀ(x − mean): the unit-norm
 * patch that maximises it is M·w / ‖M·w‖. Where each patch's own mean was removed, that is P·M·w · x, and P takes the mean
 * away from what is looked for too.
 * @param filters count × n row-major: rows of W1
 * @returns count × n row-major, not normalised
 */
export function pixelFilters(filters: Float32Array, { matrix, mean }: Whitening): Float32Array {
  const n = Math.round(Math.sqrt(matrix.length))
  const result = new Float32Array(filters.length)
  for (let start = 0; start < filters.length; start += n) {
    let sum = 0
    for (let pixel = 0; pixel < n; pixel++) {
      let value = 0
      for (let k = 0; k < n; k++) value += matrix[pixel * n + k] * filters[start + k]
      result[start + pixel] = value
      sum += value
    }
    if (mean !== null) continue
    for (let pixel = 0; pixel < n; pixel++) result[start + pixel] -= sum / n
  }
  return result
}

/** Filters in pixels; without a whitening they are that already. */
export const inPixels = (filters: Float32Array, whitening: Whitening | null): Float32Array =>
  whitening === null ? filters : pixelFilters(filters, whitening)
