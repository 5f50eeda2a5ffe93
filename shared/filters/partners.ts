/** A pair of filters counts as matched above this cosine. */
export const matchedAbove = 0.7

/** The assignment takes about two seconds for as many units, and eight times that for twice as many. */
export const mostMatchedUnits = 2_000

/** The same pairs, seen from the second run. @param countB its number of filters */
export function invertPartners(partner: ArrayLike<number>, countB: number): Int32Array {
  const inverse = new Int32Array(countB).fill(-1)
  for (let j = 0; j < partner.length; j++) if (partner[j] >= 0) inverse[partner[j]] = j
  return inverse
}
