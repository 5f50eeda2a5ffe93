import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fitGrid,
  hugGrid,
  placeAt,
  placeBox,
  placeByKey,
  type GridRoom,
} from '../../../renderer/filters/fitGrid.ts'

const square = (side: number, count: number, patch = 8, ratio = 1): GridRoom => ({
  width: side,
  height: side,
  count,
  filterWidth: patch,
  filterHeight: patch,
  ratio,
})

describe('a grid of filters', () => {
  it('shows 100 filters at ×7 and 25 at ×14 in the run’s middle pane', () => {
    expect(fitGrid(square(612, 100))).toMatchObject({
      scale: 7,
      columns: 10,
      rows: 10,
      gap: 4,
      left: 8,
      top: 8,
    })
    expect(fitGrid(square(612, 25))).toMatchObject({ scale: 14, columns: 5, rows: 5, gap: 4 })
  })

  it('narrows its gaps where that makes room for a larger scale', () => {
    expect(fitGrid(square(612, 196))).toMatchObject({ scale: 5, columns: 14, gap: 3 })
  })

  it('says how many have a place when even single pixels are too many', () => {
    const fit = fitGrid(square(200, 10_000))
    expect(fit).toMatchObject({ scale: 1 })
    expect(fit?.shown).toBeLessThan(10_000)
    expect(fit?.shown).toBeGreaterThan(400)
  })

  it('is nowhere where not one filter fits', () => {
    expect(fitGrid(square(30, 4, 40))).toBeNull()
  })

  it('stays inside its room, at the largest scale that takes all filters', () => {
    const rooms = fc.record({
      width: fc.integer({ min: 40, max: 1500 }),
      height: fc.integer({ min: 40, max: 1500 }),
      count: fc.integer({ min: 1, max: 500 }),
      filterWidth: fc.integer({ min: 2, max: 30 }),
      filterHeight: fc.integer({ min: 2, max: 30 }),
      ratio: fc.constantFrom(1, 1.25, 1.5, 2),
    })
    fc.assert(
      fc.property(rooms, (room) => {
        const fit = fitGrid(room)
        if (fit === null) return
        const right = fit.left + fit.columns * (room.filterWidth * fit.scale + fit.gap) - fit.gap
        const bottom = fit.top + fit.rows * (room.filterHeight * fit.scale + fit.gap) - fit.gap
        expect(fit.left).toBeGreaterThanOrEqual(0)
        expect(fit.top).toBeGreaterThanOrEqual(0)
        expect(right).toBeLessThanOrEqual(room.width)
        expect(bottom).toBeLessThanOrEqual(room.height)
        expect(fit.columns * fit.rows).toBeGreaterThanOrEqual(fit.shown)
        if (fit.shown < room.count) expect(fit.scale).toBe(1)
        for (const place of [0, fit.shown - 1]) {
          const x = fit.left + (place % fit.columns) * (room.filterWidth * fit.scale + fit.gap)
          const y = fit.top + Math.floor(place / fit.columns) * (room.filterHeight * fit.scale + fit.gap)
          expect(placeAt(fit, room, x, y)).toBe(place)
          expect(placeAt(fit, room, x + room.filterWidth * fit.scale - 1, y)).toBe(place)
        }
      }),
    )
  })

  it('knows no filter outside', () => {
    const room = square(612, 23)
    const fit = fitGrid(room)
    if (fit === null) throw new Error('fits')
    expect(placeAt(fit, room, 1, 1)).toBe(-1)
    expect(placeAt(fit, room, 600, 600)).toBe(-1)
  })

  it('can end its ground where the filters end', () => {
    const room = square(612, 4)
    const fit = fitGrid(room, 3)
    if (fit === null) throw new Error('fits')
    const hug = hugGrid(fit, room)
    expect(hug.room).toMatchObject({ width: 8 + 24 + 4 + 24 + 8, height: 68 })
    expect(placeAt(hug.fit, hug.room, 8, 8)).toBe(0)
  })
})

describe('places', () => {
  const space = { width: 300, height: 300, count: 10, filterWidth: 8, filterHeight: 8, ratio: 1 }
  const fit = fitGrid(space)!

  it('have rectangles, in whose middle the place is found', () => {
    for (let place = 0; place < 10; place++) {
      const { left, top, width, height } = placeBox(fit, space, place)
      expect(placeAt(fit, space, left + width / 2, top + height / 2)).toBe(place)
    }
  })

  it('are gone through by keys, to the ends of rows too', () => {
    expect(fit.columns).toBe(4)
    const to = (from: number) => (key: string) => placeByKey(fit, from, key)
    expect(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].map(to(5))).toEqual([4, 6, 1, 9])
    expect(['Home', 'End'].map(to(5))).toEqual([4, 7])
    expect(placeByKey(fit, 8, 'End')).toBe(9)
    expect(placeByKey(fit, 5, 'Tab')).toBeNull()
  })
})
