/** What zero looks like, in every filter and between them: #808080. */
export const zeroLevel = 128

/** Largest |v|; what is not a finite number does not count. 0 for a dead (all-zero) filter. */
export function largestMagnitude(values: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i])
    if (magnitude > largest && magnitude < Infinity) largest = magnitude
  }
  return largest
}

/**
 * A filter as grey (or colour) levels: −scale → 0, 0 → 128, scale → 255, clipped beyond.
 * With its own scale this draws the unit-norm input that maximises the hidden unit: the norm cancels out.
 * @param filter a row of W1, any layout
 * @param scale  by default the filter's own largest magnitude; one number for all makes filters comparable.
 *   A scale of 0 draws zeros, as does a value that is not a number.
 */
export function scaleFilter(
  filter: ArrayLike<number>,
  scale = largestMagnitude(filter),
): Uint8ClampedArray<ArrayBuffer> {
  const levels = new Uint8ClampedArray(filter.length).fill(zeroLevel)
  if (!(scale > 0)) return levels
  for (let i = 0; i < filter.length; i++) {
    const share = Math.max(-1, Math.min(1, filter[i] / scale))
    // A clamped array rounds 127.5 to even: zero is 128.
    if (!Number.isNaN(share)) levels[i] = (share + 1) * 127.5
  }
  return levels
}
