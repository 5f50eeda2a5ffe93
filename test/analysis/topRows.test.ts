import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { overlapping, topRows } from '#main/analysis/topRows.ts'

/** The rule, one row after the other: as slow as it is plain. */
function plainly(values: readonly number[], count: number, size: number, places: readonly number[][] | null) {
  const sorted = values
    .map((value, row) => ({ value, row }))
    .sort((a, b) => b.value - a.value || a.row - b.row)
  const taken: { row: number; rank: number }[] = []
  sorted.forEach(({ row }, i) => {
    const repeats =
      places !== null &&
      taken.some(({ row: other }) => {
        const [a, b] = [places[row], places[other]]
        return a[0] === b[0] && Math.abs(a[1] - b[1]) < size && Math.abs(a[2] - b[2]) < size
      })
    if (!repeats && taken.length < count) taken.push({ row, rank: i + 1 })
  })
  return taken
}

const value = fc.integer({ min: 0, max: 40 }).map((k) => k / 64)
const place = fc.tuple(fc.nat(2), fc.nat(12), fc.nat(12))

test('the highest values in order, with what overlaps a higher one in its image left out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, place), { maxLength: 400 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 9 }),
      (rows, count, size) => {
        const values = rows.map(([value]) => value)
        const places = rows.map(([, place]) => place)
        const found = topRows(
          Float32Array.from(values),
          count,
          overlapping(Int32Array.from(places.flat()), size),
        )
        expect(found).toEqual(plainly(values, count, size, places))
        expect(topRows(Float32Array.from(values), count, () => false)).toEqual(
          plainly(values, count, size, null),
        )
      },
    ),
  )
})

test('a patch whose activation is not a number comes last', () => {
  expect(topRows(Float32Array.of(NaN, 0.2, NaN, 0.7), 3, () => false)).toEqual([
    { row: 3, rank: 1 },
    { row: 1, rank: 2 },
    { row: 0, rank: 3 },
  ])
})

test('ten thousand copies of one place do not hide the other places', () => {
  const m = 10_000
  const values = Float32Array.from({ length: m }, (_, row) => 1 - row / (2 * m))
  const positions = new Int32Array(3 * m)
  positions[3 * (m - 1)] = 1
  expect(topRows(values, 24, overlapping(positions, 8))).toEqual([
    { row: 0, rank: 1 },
    { row: m - 1, rank: m },
  ])
})

test('more copies than anybody would wait for end the search with what there is', () => {
  const m = 100_000
  const values = Float32Array.from({ length: m }, (_, row) => (row === m - 1 ? 0.1 : 0.5))
  expect(topRows(values, 24, (a, b) => values[a] === values[b])).toEqual([{ row: 0, rank: 1 }])
})
