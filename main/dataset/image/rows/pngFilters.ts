/**
 * Takes a line's filter off, in place.
 * @param previous     the line above, without filter; zeros above the first
 * @param pixelBytes   distance to the pixel on the left
 * @returns whether the filter is known
 * @see W3C, Portable Network Graphics, section 9
 */
export function unfilter(
  filter: number,
  line: Uint8Array,
  previous: Uint8Array,
  pixelBytes: number,
): boolean {
  const length = line.length
  switch (filter) {
    case 0:
      return true
    case 1:
      for (let i = pixelBytes; i < length; i++) line[i] += line[i - pixelBytes]
      return true
    case 2:
      for (let i = 0; i < length; i++) line[i] += previous[i]
      return true
    case 3:
      for (let i = 0; i < length; i++) {
        const left = i < pixelBytes ? 0 : line[i - pixelBytes]
        line[i] += (left + previous[i]) >> 1
      }
      return true
    case 4:
      for (let i = 0; i < length; i++) {
        const left = i < pixelBytes ? 0 : line[i - pixelBytes]
        const corner = i < pixelBytes ? 0 : previous[i - pixelBytes]
        line[i] += nearest(left, previous[i], corner)
      }
      return true
    default:
      return false
  }
}

/** Paeth's predictor. */
function nearest(left: number, above: number, corner: number): number {
  const guess = left + above - corner
  const toLeft = Math.abs(guess - left)
  const toAbove = Math.abs(guess - above)
  const toCorner = Math.abs(guess - corner)
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}
