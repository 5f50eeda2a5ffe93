/**
 * Subtracts from each patch its own mean, in place.
 * @param patches m × n row-major
 * @returns standard deviation of all m·n values afterwards (population; their mean is 0)
 */
export function removePatchMeans(patches: Float32Array, m: number, n: number): number {
  let squares = 0
  for (let row = 0; row < m; row++) {
    const start = row * n
    let sum = 0
    for (let i = start; i < start + n; i++) sum += patches[i]
    const mean = sum / n
    for (let i = start; i < start + n; i++) {
      const difference = patches[i] - mean
      squares += difference * difference
      patches[i] = difference
    }
  }
  return Math.sqrt(squares / (m * n))
}
