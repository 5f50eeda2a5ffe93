export interface Point {
  x: number
  y: number
}

/**
 * Points of a cost on a log scale in a box, y downwards. Values that are not positive and finite are left out; the
 * first tenth of a long series, the steep fall from the random start, may leave the box at the top and is clipped there
 * so that the rest can be told apart.
 */
export function sparklinePoints(
  cost: Float32Array,
  { width, height }: { width: number; height: number },
): Point[] {
  const logs: { at: number; log: number }[] = []
  cost.forEach((value, at) => {
    if (Number.isFinite(value) && value > 0) logs.push({ at, log: Math.log(value) })
  })
  if (logs.length === 0) return []
  const sorted = logs.map(({ log }) => log).toSorted((a, b) => a - b)
  const low = sorted[0]
  const high = sorted[sorted.length > 10 ? Math.floor(0.97 * (sorted.length - 1)) : sorted.length - 1]
  const span = high - low
  return logs.map(({ at, log }) => ({
    x: cost.length > 1 ? (at / (cost.length - 1)) * width : width,
    y: span > 0 ? height - Math.min(1, (log - low) / span) * height : height,
  }))
}
