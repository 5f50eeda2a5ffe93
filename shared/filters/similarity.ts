/**
 * Cosine of the angle between filters: 1 same direction, −1 opposite, 0 where either is all zero.
 * The sign counts: a filter and its negative are different features.
 */
export function cosineSimilarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let product = 0
  let squaresA = 0
  let squaresB = 0
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i]
    squaresA += a[i] * a[i]
    squaresB += b[i] * b[i]
  }
  const norms = Math.sqrt(squaresA) * Math.sqrt(squaresB)
  return norms > 0 ? Math.max(-1, Math.min(1, product / norms)) : 0
}

/**
 * Every filter of one run against every filter of another.
 * @param a countA × n, row-major; @param b countB × n
 * @returns countA × countB, row-major
 */
export function similarityMatrix(a: Float32Array, b: Float32Array, n: number): Float32Array<ArrayBuffer> {
  const countA = a.length / n
  const countB = b.length / n
  const rowsB = Array.from({ length: countB }, (_, k) => b.subarray(k * n, (k + 1) * n))
  const similarity = new Float32Array(countA * countB)
  for (let j = 0; j < countA; j++) {
    const row = a.subarray(j * n, (j + 1) * n)
    for (let k = 0; k < countB; k++) similarity[j * countB + k] = cosineSimilarity(row, rowsB[k])
  }
  return similarity
}
