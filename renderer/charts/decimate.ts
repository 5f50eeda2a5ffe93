export interface Point {
  x: number
  y: number
}

/**
 * A curve as few points that draw the same: of the points that share a column of pixels, the first, lowest, highest
 * and last, in order. Spikes survive, which evenly spaced picking would lose.
 * @param column  pixel column of an x value, non-decreasing along `xs`
 */
export function decimate(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  column: (x: number) => number,
): Point[] {
  const points: Point[] = []
  let start = 0
  while (start < xs.length) {
    const pixel = Math.floor(column(xs[start]))
    let end = start + 1
    while (end < xs.length && Math.floor(column(xs[end])) === pixel) end++
    for (const i of corners(ys, start, end)) points.push({ x: xs[i], y: ys[i] })
    start = end
  }
  return points
}

/** Indices of first, lowest, highest and last in [start, end), ascending, each once. */
function corners(ys: ArrayLike<number>, start: number, end: number): number[] {
  if (end - start <= 4) return Array.from({ length: end - start }, (_, i) => start + i)
  let low = start
  let high = start
  for (let i = start; i < end; i++) {
    if (ys[i] < ys[low]) low = i
    if (ys[i] > ys[high]) high = i
  }
  return [...new Set([start, low, high, end - 1])].sort((a, b) => a - b)
}
