import type { AxisScale } from './xAxis.ts'
import type { Domain } from './domain.ts'
import { firstIndexFrom } from './nearest.ts'

export interface Point {
  x: number
  y: number
}

/** The part of an axis that is drawn, and in how many columns of pixels. */
export interface Columns extends Domain {
  scale: AxisScale
  count: number
}

/**
 * The part of a curve inside [min, max] as few points that draw the same: of the points that share a column of pixels,
 * the first, lowest, highest and last, in order. Spikes survive, which evenly spaced picking would lose. One point on
 * either side of the part is kept too, so that the line runs on to the edges.
 * @param xs  ascending; a logarithmic axis starts at its first value from `min`, or positive
 */
export function decimate(xs: ArrayLike<number>, ys: ArrayLike<number>, columns: Columns): Point[] {
  const points: Point[] = []
  const inside = firstIndexFrom(xs, columns.min)
  // A logarithmic axis has no place for what is not positive.
  const before = columns.scale === 'log' && !(xs[inside - 1] > 0) ? inside : inside - 1
  let start = Math.max(0, before)
  if (start < inside) points.push({ x: xs[start], y: ys[start++] })
  const { columnOf, startOf } = places(columns)
  while (start < xs.length && xs[start] <= columns.max) {
    const next = startOf(Math.floor(columnOf(xs[start])) + 1)
    const end = Math.max(start + 1, firstIndexFrom(xs, Math.min(next, columns.max), start))
    for (const i of corners(ys, start, end)) points.push({ x: xs[i], y: ys[i] })
    start = end
  }
  if (start < xs.length) points.push({ x: xs[start], y: ys[start] })
  return points
}

/** The column of an x value, and where a column starts: only the ends of columns are looked for, not every point's. */
function places({ scale, min, max, count }: Columns) {
  if (scale === 'linear') {
    const width = (max - min) / count
    return {
      columnOf: (x: number) => (x - min) / width,
      startOf: (column: number) => min + column * width,
    }
  }
  const low = Math.log(min)
  const width = (Math.log(max) - low) / count
  return {
    columnOf: (x: number) => (Math.log(x) - low) / width,
    startOf: (column: number) => Math.exp(low + column * width),
  }
}

/** Indices of first, lowest, highest and last in [start, end), ascending, each once. */
function corners(ys: ArrayLike<number>, start: number, end: number): number[] {
  if (end - start <= 4) return Array.from({ length: end - start }, (_, i) => start + i)
  let low = start
  let high = start
  for (let i = start; i < end; i++) {
    // Not a number is neither: it must not hide what follows it.
    if (ys[i] < ys[low] || Number.isNaN(ys[low])) low = i
    if (ys[i] > ys[high] || Number.isNaN(ys[high])) high = i
  }
  return [...new Set([start, low, high, end - 1])].sort((a, b) => a - b)
}
