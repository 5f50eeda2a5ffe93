/**
 * Subtracts from each value its mean over all patches, in place.
 * @param patches m × n row-major
 * @returns the means, length n, and the standard deviation of all m·n values afterwards (population; their mean is 0)
 */
export function removeValueMeans(
  patches: Float32Array,
  m: number,
  n: number,
): { valueMeans: number[]; deviation: number } {
  const valueMeans = Array.from({ length: n }, () => 0)
  for (let row = 0; row < m; row++) {
    for (let j = 0; j < n; j++) valueMeans[j] += patches[row * n + j]
  }
  for (let j = 0; j < n; j++) valueMeans[j] /= m
  let squares = 0
  for (let row = 0; row < m; row++) {
    for (let j = 0; j < n; j++) {
      const difference = patches[row * n + j] - valueMeans[j]
      squares += difference * difference
      patches[row * n + j] = difference
    }
  }
  return { valueMeans, deviation: Math.sqrt(squares / (m * n)) }
}
