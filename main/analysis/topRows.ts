export interface Ranked {
  row: number
  /** 1 for the largest. */
  rank: number
}

/** After so many repeats it is given up: a dataset of one patch a million times is not worth the wait. */
const mostRepeats = 20_000

/**
 * Rows from the largest value down, with repeats left out.
 * @param values   length m; not finite ones come last
 * @param isRepeat whether a row repeats another that is taken already
 */
export function topRows(
  values: Float32Array,
  count: number,
  isRepeat: (row: number, taken: number) => boolean,
): Ranked[] {
  const taken: Ranked[] = []
  // The highest few are nearly always enough; only where most of them repeat are more put in order.
  for (let wanted = 16 * count, seen = 0; seen < values.length; wanted *= 8) {
    const rows = highest(values, wanted)
    for (; seen < rows.length; seen++) {
      const row = rows[seen]
      if (!taken.some((other) => isRepeat(row, other.row))) taken.push({ row, rank: seen + 1 })
      if (taken.length === count || seen - taken.length > mostRepeats) return taken
    }
  }
  return taken
}

/** Two patches of one image that overlap. @param positions m × 3 of image, x, y */
export const overlapping =
  (positions: Int32Array, patchSize: number) =>
  (a: number, b: number): boolean =>
    positions[3 * a] === positions[3 * b] &&
    Math.abs(positions[3 * a + 1] - positions[3 * b + 1]) < patchSize &&
    Math.abs(positions[3 * a + 2] - positions[3 * b + 2]) < patchSize

/** The rows of the `count` highest values, highest first, equal ones in the order of their rows. */
function highest(values: Float32Array, count: number): number[] {
  const key = (row: number) => (Number.isNaN(values[row]) ? -Infinity : values[row])
  const rows: number[] = []
  if (count < values.length) {
    const ascending = values.map((value) => (Number.isNaN(value) ? -Infinity : value)).sort()
    const least = ascending[values.length - count]
    for (let row = 0; row < values.length; row++) if (key(row) >= least) rows.push(row)
  } else {
    for (let row = 0; row < values.length; row++) rows.push(row)
  }
  return rows.sort((a, b) => key(b) - key(a) || a - b)
}
