export interface Domain {
  min: number
  max: number
}

export const union = (a: Domain | null, b: Domain): Domain =>
  a === null ? b : { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }

/** Smallest and largest positive finite value of several columns; null where there is none. */
export function positiveRange(columns: readonly ArrayLike<number>[], from = 0): Domain | null {
  let min = Infinity
  let max = 0
  for (const column of columns) {
    for (let i = from; i < column.length; i++) {
      const value = column[i]
      if (value > 0 && value < min) min = value
      if (value > max && value < Infinity) max = value
    }
  }
  return max > 0 ? { min, max } : null
}

/** Smallest and largest finite value of several columns; null where there is none. */
export function finiteRange(columns: readonly ArrayLike<number>[]): Domain | null {
  let min = Infinity
  let max = -Infinity
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i]
      if (value < min && value > -Infinity) min = value
      if (value > max && value < Infinity) max = value
    }
  }
  return min <= max ? { min, max } : null
}

/** Widened to whole decades, so that a growing domain moves seldom. */
export const wholeDecades = (domain: Domain): Domain => widen(domain, [1, 10])

/** Widened to 1 or 3 · 10^k. */
export const halfDecades = (domain: Domain): Domain => widen(domain, [1, 3, 10])

/** Widened to 1, 2 or 5 · 10^k: for curves whose differences matter more than their start. */
export const nearestSteps = (domain: Domain): Domain => widen(domain, [1, 2, 5, 10])

/** @param mantissas  ascending, from 1 to 10 */
function widen({ min, max }: Domain, mantissas: readonly number[]): Domain {
  const low = Math.floor(Math.log10(min) + 1e-9)
  const high = Math.floor(Math.log10(max) - 1e-9)
  const below = mantissas.findLast((m) => m * 10 ** low <= min * (1 + 1e-9)) ?? 1
  const above = mantissas.find((m) => m * 10 ** high >= max * (1 - 1e-9)) ?? 10
  const floor = Number(`${below}e${low}`)
  const ceiling = Number(`${above}e${high}`)
  return floor < ceiling ? { min: floor, max: ceiling } : { min: floor, max: 10 * floor }
}
