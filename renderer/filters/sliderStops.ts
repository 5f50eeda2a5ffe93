/**
 * Where a slider through snapshots can stand: on a snapshot, or at its end (null), on whatever is newest.
 * @param iterations  of the snapshots known, ascending
 * @param isLive  the run goes on: its end is newer than any snapshot
 */
export function sliderStops(iterations: readonly number[], isLive: boolean): (number | null)[] {
  // Step 0 is always kept: a live run can be left for it even before the list of its snapshots has come.
  if (isLive) return [...(iterations.length === 0 ? [0] : iterations), null]
  return iterations.length === 0 ? [] : [...iterations.slice(0, -1), null]
}
