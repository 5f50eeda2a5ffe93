import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimate } from '../../../renderer/charts/decimate.ts'
import { tableRows } from '../../../renderer/charts/tableRows.ts'

const series = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 2000 })
const all = (ys: readonly number[]) => ys.map((_, i) => i)

/** The values of the points in each of `count` equal parts of [min, max]. */
function byColumn(points: readonly { x: number; y: number }[], min: number, max: number, count: number) {
  const columns = Array.from({ length: count }, (): number[] => [])
  for (const { x, y } of points) {
    if (x >= min && x < max) columns[Math.floor(((x - min) / (max - min)) * count)].push(y)
  }
  return columns
}

describe('a long curve drawn with few points', () => {
  it('keeps every spike of the part that is shown: lowest and highest of each pixel column', () => {
    fc.assert(
      // Powers of two, so that the test and the chart agree on which column a point falls in.
      fc.property(series, fc.nat(1024), fc.integer({ min: 4, max: 10 }), (ys, min, power) => {
        const max = min + 2 ** power
        const points = decimate(all(ys), ys, { scale: 'linear', min, max, count: 16 })
        const whole = byColumn(
          ys.map((y, x) => ({ x, y })),
          min,
          max,
          16,
        )
        byColumn(points, min, max, 16).forEach((kept, column) => {
          expect([Math.min(...kept), Math.max(...kept)]).toEqual([
            Math.min(...whole[column]),
            Math.max(...whole[column]),
          ])
          expect(kept.length).toBeLessThanOrEqual(4)
        })
      }),
    )
  })

  it('keeps its ends and its order', () => {
    fc.assert(
      fc.property(series, (ys) => {
        const points = decimate(all(ys), ys, { scale: 'linear', min: 0, max: ys.length, count: 20 })
        expect(points[0]).toEqual({ x: 0, y: ys[0] })
        expect(points.at(-1)).toEqual({ x: ys.length - 1, y: ys.at(-1) })
        points.slice(1).forEach(({ x }, i) => expect(x).toBeGreaterThan(points[i].x))
      }),
    )
  })

  it('runs on to both edges of the part that is shown, and no further', () => {
    const ys = Array.from({ length: 100 }, (_, i) => i * i)
    const xs = decimate(all(ys), ys, { scale: 'linear', min: 40.5, max: 44.5, count: 100 }).map(({ x }) => x)
    expect(xs).toEqual([40, 41, 42, 43, 44, 45])
  })

  it('on a logarithmic axis leaves out what is not positive, and keeps a spike among many points', () => {
    const ys = Array.from({ length: 100_000 }, () => 1)
    ys[77_777] = 9
    const points = decimate(all(ys), ys, { scale: 'log', min: 1, max: 100_000, count: 800 })
    expect(points[0].x).toBe(1)
    expect(points).toContainEqual({ x: 77_777, y: 9 })
    expect(points.length).toBeLessThan(4 * 800)
  })

  it('a value that is not a number hides no spike behind it', () => {
    const ys = [NaN, 1, 5, -5, 1, 1, 1, 1]
    const points = decimate(all(ys), ys, { scale: 'linear', min: 0, max: 8, count: 1 })
    expect(points.map(({ y }) => y)).toEqual([NaN, 5, -5, 1])
  })

  it('is left as it is where every point has a pixel', () => {
    expect(decimate([1, 2, 3], [5, 4, 9], { scale: 'linear', min: 0, max: 4, count: 40 })).toEqual([
      { x: 1, y: 5 },
      { x: 2, y: 4 },
      { x: 3, y: 9 },
    ])
  })
})

describe('the table of a chart', () => {
  it('names the first and last iteration and does not grow without bound', () => {
    for (const count of [1, 60, 61, 400, 100_000]) {
      const rows = tableRows(Array.from({ length: count }, (_, i) => i))
      expect(rows[0]).toBe(0)
      expect(rows.at(-1)).toBe(count - 1)
      expect(rows.length).toBeLessThanOrEqual(61)
    }
    expect(tableRows([])).toEqual([])
  })
})
