import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchFilters } from '#shared/filters/matchFilters.ts'
import { invertPartners } from '#shared/filters/partners.ts'
import { cosineSimilarity } from '#shared/filters/similarity.ts'
import { createRandom, shuffle } from '#shared/random/random.ts'

const size = 5

function randomFilters(count: number, seed: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: count * size }, () => random.uniform() - 0.5)
}

const row = (filters: Float32Array, j: number) => filters.subarray(j * size, (j + 1) * size)
const rows = (filters: Float32Array) => filters.length / size

/** The largest sum of cosines over all ways to pair: every permutation is tried. */
function largestSum(a: Float32Array, b: Float32Array): number {
  const [few, many] = rows(a) <= rows(b) ? [a, b] : [b, a]
  const best = (j: number, used: number): number => {
    if (j === rows(few)) return 0
    let sum = -Infinity
    for (let k = 0; k < rows(many); k++) {
      if (used & (1 << k)) continue
      sum = Math.max(sum, cosineSimilarity(row(few, j), row(many, k)) + best(j + 1, used | (1 << k)))
    }
    return sum
  }
  return best(0, 0)
}

describe('filters of two runs', () => {
  test('are paired one to one with the largest sum of cosines there is, whatever their numbers', () => {
    const counts = fc.integer({ min: 1, max: 6 })
    fc.assert(
      fc.property(counts, counts, fc.nat(), (countA, countB, seed) => {
        const a = randomFilters(countA, seed)
        const b = randomFilters(countB, seed + 1)
        const { partner, cosine, similarity } = matchFilters(a, b, size)
        const paired = [...partner].filter((k) => k >= 0)
        expect(paired).toHaveLength(Math.min(countA, countB))
        expect(new Set(paired).size).toBe(paired.length)
        partner.forEach((k, j) => {
          if (k < 0) expect(cosine[j]).toBeNaN()
          else expect(cosine[j]).toBeCloseTo(cosineSimilarity(row(a, j), row(b, k)), 5)
        })
        expect((similarity ?? NaN) * paired.length).toBeCloseTo(largestSum(a, b), 4)
      }),
      { numRuns: 300 },
    )
  })

  test('that are the same in another order and of another length are all found', () => {
    const a = randomFilters(40, 7)
    const order = Uint32Array.from({ length: 40 }, (_, j) => j)
    shuffle(order, createRandom(8))
    const b = new Float32Array(a.length)
    order.forEach((from, to) =>
      b.set(
        row(a, from).map((value) => 3 * value),
        to * size,
      ),
    )
    const { partner, similarity, matchedShare } = matchFilters(a, b, size)
    order.forEach((from, to) => expect(partner[from]).toBe(to))
    expect(similarity).toBeCloseTo(1, 5)
    expect(matchedShare).toBe(1)
    expect([...invertPartners(partner, 40)]).toEqual([...order])
  })

  test('are no pair when one is the negative of the other and there is anything better', () => {
    const a = Float32Array.of(1, 0, 0, 0, 0, 0, 1, 0, 0, 0)
    const b = Float32Array.of(-1, 0, 0, 0, 0, 0.9, 0.1, 0, 0, 0)
    const { partner, cosine } = matchFilters(a, b, size)
    expect([...partner]).toEqual([1, 0])
    expect(cosine[0]).toBeCloseTo(0.994, 3)
    expect(cosine[1]).toBeCloseTo(0, 6)
  })

  test('stay without a partner where a unit is dead or diverged, which counts against the share', () => {
    const live = randomFilters(2, 3)
    const a = Float32Array.from([...row(live, 0), 0, 0, 0, 0, 0, ...row(live, 1), NaN, 0, 0, 0, 1])
    const b = Float32Array.from([0, 0, 0, 0, 0, ...row(live, 1), Infinity, 0, 0, 0, 0, ...row(live, 0)])
    const { partner, similarity, matchedShare } = matchFilters(a, b, size)
    expect([...partner]).toEqual([3, -1, 1, -1])
    expect(similarity).toBeCloseTo(1, 6)
    expect(matchedShare).toBe(0.5)
  })

  test('that are all dead have no similarity, rather than one of zero or NaN', () => {
    const dead = new Float32Array(2 * size)
    expect(matchFilters(dead, randomFilters(3, 1), size)).toMatchObject({ similarity: null, matchedShare: 0 })
    expect(matchFilters(randomFilters(3, 1), dead, size).partner).toEqual(Int32Array.of(-1, -1, -1))
  })

  test('too many to be matched while one waits are refused', () => {
    const many = new Float32Array(2_001 * size)
    expect(() => matchFilters(many, many, size)).toThrow(/at most 2000 hidden units/)
  })
})
