import { firstIndexFrom } from './nearest.ts'

/**
 * Rows of a long series that a table shows: all up to 60, then about 60 at growing distances, always with the last.
 * @returns ascending indices into `iterations`
 */
export function tableRows(iterations: ArrayLike<number>): number[] {
  const { length } = iterations
  if (length <= 60) return Array.from({ length }, (_, i) => i)
  const last = iterations[length - 1]
  const growth = Math.log1p(last) / 60
  const rows = new Set<number>()
  for (let k = 0; k <= 60; k++) {
    rows.add(Math.min(length - 1, firstIndexFrom(iterations, Math.round(Math.expm1(k * growth)))))
  }
  return [...rows].sort((a, b) => a - b)
}
