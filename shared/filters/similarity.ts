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
  const rowsA = unitRows(a, n)
  const rowsB = a === b ? rowsA : unitRows(b, n)
  const similarity = new Float32Array(rowsA.length * rowsB.length)
  let at = 0
  for (const rowA of rowsA) {
    for (const rowB of rowsB) {
      let product = 0
      for (let i = 0; i < n; i++) product += rowA[i] * rowB[i]
      similarity[at++] = Math.max(-1, Math.min(1, product))
    }
  }
  return similarity
}

/** Rows of length 1, so that a product of two is their cosine; a row that is zero or not finite becomes zero. */
function unitRows(filters: Float32Array, n: number): Float64Array[] {
  return Array.from({ length: filters.length / n }, (_, j) => {
    const row = Float64Array.from(filters.subarray(j * n, (j + 1) * n))
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    return norm > 0 && norm < Infinity ? row.map((value) => value / norm) : new Float64Array(n)
  })
}
