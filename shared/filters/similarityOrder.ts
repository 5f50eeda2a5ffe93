import { similarityMatrix } from './similarity.ts'

/**
 * Filters so that each stands beside one that is like it, or its negative: a chain that goes on to the most similar
 * filter that is left. h² · n multiplications.
 * @param filters h × n row-major
 * @returns indices, from filter 0 on
 */
export function similarityOrder(filters: Float32Array, n: number): number[] {
  const h = filters.length / n
  const similarity = similarityMatrix(filters, filters, n)
  const isLeft = Array.from({ length: h }, () => true)
  const order: number[] = []
  let current = 0
  while (order.length < h) {
    order.push(current)
    isLeft[current] = false
    let best = -1
    let highest = -1
    for (let j = 0; j < h; j++) {
      const likeness = Math.abs(similarity[current * h + j])
      if (!isLeft[j] || likeness <= highest) continue
      best = j
      highest = likeness
    }
    current = best
  }
  return order
}
