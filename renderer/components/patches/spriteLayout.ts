/** Side of a run's sprite in CSS pixels. */
export const spriteSize = 44

const mostPerSide = 5
/** Share of the side that filters should cover; fewer, larger ones are taken where many leave more of it grey. */
const wellCovered = 0.7

export interface SpriteLayout {
  /** Filters on a side of the square. */
  perSide: number
  /** Device pixels a filter's pixel takes. */
  scale: number
  /** Device pixels from one filter to the next, gap included. */
  pitch: number
  /** Device pixels from the edge to the first filter. */
  margin: number
}

/**
 * How filters of patchSize × patchSize fill a sprite: 5 × 5 of 8 × 8 at 1:1 with gaps of one pixel, fewer of larger
 * ones, larger pixels for smaller ones.
 * @param sideDevice the sprite's side in device pixels
 * @returns null where there is none, or not even one fits
 */
export function spriteLayout(
  patchSize: number,
  count: number,
  sideDevice: number,
  deviceRatio: number,
): SpriteLayout | null {
  const gap = Math.max(1, Math.floor(deviceRatio))
  if (count === 0) return null
  const most = Math.max(1, Math.min(mostPerSide, Math.floor(Math.sqrt(count))))
  let best: SpriteLayout | null = null
  let covered = 0
  for (let perSide = most; perSide >= 1 && covered < wellCovered * sideDevice; perSide--) {
    const scale = Math.floor((sideDevice - (perSide - 1) * gap) / (perSide * patchSize))
    if (perSide * patchSize * scale <= covered) continue
    covered = perSide * patchSize * scale
    const pitch = patchSize * scale + gap
    best = { perSide, scale, pitch, margin: Math.floor((sideDevice - perSide * pitch + gap) / 2) }
  }
  return best
}
