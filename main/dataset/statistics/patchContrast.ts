/**
 * Each patch's own standard deviation (population).
 * @param patches m × n row-major
 * @returns length m
 */
export function patchContrasts(patches: Float32Array, m: number, n: number): Float32Array {
  return Float32Array.from({ length: m }, (_, row) => contrastOf(patches, row * n, n))
}

/** Standard deviation of `n` values from `start`; two passes in float64. */
export function contrastOf(values: Float32Array, start: number, n: number): number {
  let sum = 0
  for (let i = start; i < start + n; i++) sum += values[i]
  const mean = sum / n
  let squares = 0
  for (let i = start; i < start + n; i++) squares += (values[i] - mean) ** 2
  return Math.sqrt(squares / n)
}
