import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimate } from '../../../renderer/charts/decimate.ts'
import { tableRows } from '../../../renderer/charts/tableRows.ts'

const series = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 2000 })

describe('a long curve drawn with few points', () => {
  it('keeps every spike: the lowest and highest value of each pixel column', () => {
    fc.assert(
      fc.property(series, (ys) => {
        const xs = ys.map((_, i) => i)
        const column = (x: number) => x / 50
        const points = decimate(xs, ys, column)
        for (let pixel = 0; pixel <= column(ys.length - 1); pixel++) {
          const all = ys.filter((_, i) => Math.floor(column(i)) === pixel)
          const kept = points.filter(({ x }) => Math.floor(column(x)) === pixel).map(({ y }) => y)
          expect([Math.min(...kept), Math.max(...kept)]).toEqual([Math.min(...all), Math.max(...all)])
          expect(kept.length).toBeLessThanOrEqual(4)
        }
      }),
    )
  })

  it('keeps its ends and its order', () => {
    fc.assert(
      fc.property(series, (ys) => {
        const points = decimate(
          ys.map((_, i) => i),
          ys,
          (x) => x / 97,
        )
        expect(points[0]).toEqual({ x: 0, y: ys[0] })
        expect(points.at(-1)).toEqual({ x: ys.length - 1, y: ys.at(-1) })
        points.slice(1).forEach(({ x }, i) => expect(x).toBeGreaterThan(points[i].x))
      }),
    )
  })

  it('is left as it is where every point has a pixel', () => {
    expect(decimate([1, 2, 3], [5, 4, 9], (x) => 10 * x)).toEqual([
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
