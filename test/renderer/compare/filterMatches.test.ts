import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MatchedRuns } from '#shared/domain/unit.ts'
import { matchFilters } from '#shared/filters/matchFilters.ts'
import { createRandom } from '#shared/random/random.ts'
import {
  cosineCounts,
  matchedOrders,
  partnerTable,
  similarityOf,
} from '../../../renderer/views/compare/filterMatches.ts'

const visible = 4

function randomRun(units: number, dead: number, seed: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: units * visible }, (_, i) =>
    i < dead * visible ? 0 : random.uniform() - 0.5,
  )
}

function matched(filters: readonly Float32Array[]): MatchedRuns {
  const pairs = filters.flatMap((a, first) =>
    filters.flatMap((b, second) =>
      second <= first ? [] : { first, second, ...matchFilters(a, b, visible) },
    ),
  )
  return {
    runs: filters.map((W1, runId) => ({ runId, iteration: 0, units: W1.length / visible })),
    pairs,
  }
}

const runs = fc
  .array(fc.record({ units: fc.integer({ min: 1, max: 9 }), dead: fc.nat(2), seed: fc.nat() }), {
    minLength: 2,
    maxLength: 4,
  })
  .map((all) => all.map(({ units, dead, seed }) => randomRun(units, Math.min(dead, units), seed)))

describe('filters in matched order', () => {
  test('stand where their partners stand; every unit is there once, the unmatched ones last', () => {
    fc.assert(
      fc.property(runs, fc.boolean(), (filters, isReversed) => {
        const table = partnerTable(matched(filters))
        const own = filters.map((W1) => {
          const units = Array.from({ length: W1.length / visible }, (_, unit) => unit)
          return isReversed ? units.reverse() : units
        })
        const orders = matchedOrders(own, table).map((order, run) => order ?? own[run])
        const [first, ...others] = orders
        expect(first.toSorted((a, b) => a - b)).toEqual(own[0].toSorted((a, b) => a - b))
        others.forEach((order, i) => {
          const partner = table.get(0)?.get(i + 1)
          const units = order.filter((unit) => unit >= 0)
          expect(units.toSorted((a, b) => a - b)).toEqual(own[i + 1].toSorted((a, b) => a - b))
          const lastPartner = order.findLastIndex(
            (unit, place) => unit >= 0 && partner?.[first[place]] === unit,
          )
          order.forEach((unit, place) => {
            if (place > lastPartner) expect([...(partner ?? [])]).not.toContain(unit)
            else expect(unit).toBe(partner?.[first[place]])
          })
        })
      }),
    )
  })

  test('of the first run are its own, but that what has no partner anywhere comes last', () => {
    const table = partnerTable({
      runs: [
        { runId: 5, iteration: 9, units: 4 },
        { runId: 6, iteration: 9, units: 2 },
      ],
      pairs: [
        {
          first: 0,
          second: 1,
          partner: Int32Array.of(-1, 1, -1, 0),
          cosine: Float32Array.of(NaN, 0.5, NaN, 0.9),
          similarity: 0.7,
          matchedShare: 0.5,
        },
      ],
    })
    expect(
      matchedOrders(
        [
          [2, 1, 0, 3],
          [0, 1],
        ],
        table,
      ),
    ).toEqual([
      [1, 3, 2, 0],
      [1, 0],
    ])
    // From the second run's side the same pairs.
    expect(
      matchedOrders(
        [
          [2, 1, 0, 3],
          [0, 1],
        ],
        table,
        1,
      ),
    ).toEqual([
      [3, 1, 2, 0],
      [0, 1],
    ])
  })

  test('that cannot be matched keep their own order', () => {
    const runs = [4, 4].map((units, runId) => ({ runId, iteration: 0, units }))
    expect(
      matchedOrders(
        [
          [1, 0],
          [0, 1],
        ],
        partnerTable({ runs, pairs: [] }),
      ),
    ).toEqual([null, null])
  })
})

describe('how alike partners are', () => {
  test('agrees with the match where the same weights are shown', () => {
    fc.assert(
      fc.property(runs, ([a, b]) => {
        const match = matchFilters(a, b, visible)
        const found = similarityOf(match.partner, a, b, visible)
        expect(found.matchedShare).toBeCloseTo(match.matchedShare, 6)
        if (match.similarity === null) expect(found.mean).toBeNull()
        else expect(found.mean).toBeCloseTo(match.similarity, 5)
      }),
    )
  })

  test('is of the weights that are shown, not of those that were matched', () => {
    const early = Float32Array.of(1, 0, 0, 0)
    const late = Float32Array.of(0, 1, 0, 0)
    expect(similarityOf(Int32Array.of(0), late, late, visible)).toMatchObject({ mean: 1, matchedShare: 1 })
    expect(similarityOf(Int32Array.of(0), early, late, visible)).toMatchObject({ mean: 0, matchedShare: 0 })
  })

  test('is counted from 0 to 1; what points apart is at 0, what has no partner nowhere', () => {
    const counts = cosineCounts(Float32Array.of(1, 0.99, 0, -0.8, NaN, 0.5), 10)
    expect(counts).toEqual([2, 0, 0, 0, 0, 1, 0, 0, 0, 2])
  })
})
