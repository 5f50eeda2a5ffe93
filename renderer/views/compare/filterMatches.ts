import type { MatchedRuns } from '#shared/domain/unit.ts'
import { invertPartners, matchedAbove } from '#shared/filters/partners.ts'
import { cosineSimilarity } from '#shared/filters/similarity.ts'

/** Partners between every two of the compared runs, in both directions: `get(from)?.get(to)`. */
export type PartnerTable = ReadonlyMap<number, ReadonlyMap<number, Int32Array>>

/** Runs are meant by their place among those that are compared. */
export function partnerTable({ runs, pairs }: MatchedRuns): PartnerTable {
  const table = new Map(runs.map((_, run) => [run, new Map<number, Int32Array>()]))
  for (const { first, second, partner } of pairs) {
    table.get(first)?.set(second, partner)
    table.get(second)?.set(first, invertPartners(partner, runs[second].units))
  }
  return table
}

/**
 * Places of the filters so that partners stand at the same place in every grid: the reference keeps its order, but what
 * no run has a partner for comes last; the others follow it, and their own unmatched units come last.
 * @param orders  of each run by itself
 * @returns units in the order of their places, −1 where a place stays empty; null for a run that has no partners
 */
export function matchedOrders(
  orders: readonly (readonly number[])[],
  table: PartnerTable,
  reference = 0,
): (number[] | null)[] {
  const toOthers = table.get(reference) ?? new Map<number, Int32Array>()
  if (toOthers.size === 0) return orders.map(() => null)
  const found = (unit: number): number =>
    [...toOthers.values()].filter((partner) => partner[unit] >= 0).length
  // A stable sort: units with as many partners stay in their order.
  const first = orders[reference].toSorted((a, b) => found(b) - found(a))
  return orders.map((order, run) => {
    if (run === reference) return first
    const partner = toOthers.get(run)
    if (partner === undefined) return null
    const places = first.map((unit) => partner[unit] ?? -1)
    while (places.at(-1) === -1) places.pop()
    const placed = new Set(places)
    return [...places, ...order.filter((unit) => !placed.has(unit))]
  })
}

export interface Similarity {
  /** Cosine of each unit of the first run with its partner; NaN for none. */
  cosine: Float32Array
  /** Mean over the pairs; null where there is none. */
  mean: number | null
  /** Pairs above 0.7 as a share of the units of the run that has fewer. */
  matchedShare: number
}

/**
 * How alike partners are in the weights that are shown, which may be older than those they were matched by.
 * @param a,b  filters, row-major; @param visible  values of a filter
 */
export function similarityOf(
  partner: Int32Array,
  a: Float32Array,
  b: Float32Array,
  visible: number,
): Similarity {
  const row = (filters: Float32Array, unit: number) => filters.subarray(unit * visible, (unit + 1) * visible)
  const cosine = Float32Array.from(partner, (to, from) =>
    to < 0 ? NaN : cosineSimilarity(row(a, from), row(b, to)),
  )
  const pairs = cosine.filter((value) => !Number.isNaN(value))
  const fewer = Math.min(a.length, b.length) / visible
  return {
    cosine,
    mean: pairs.length === 0 ? null : pairs.reduce((sum, value) => sum + value, 0) / pairs.length,
    matchedShare: pairs.filter((value) => value > matchedAbove).length / fewer,
  }
}

/** How many pairs lie in each twentieth from 0 to 1; what points apart counts as 0. */
export function cosineCounts(cosine: Float32Array, bins = 20): number[] {
  const counts = Array.from({ length: bins }, () => 0)
  for (const value of cosine) if (!Number.isNaN(value)) counts[binOfCosine(value, bins)]++
  return counts
}

export const binOfCosine = (value: number, bins = 20): number =>
  Math.max(0, Math.min(bins - 1, Math.floor(value * bins)))
