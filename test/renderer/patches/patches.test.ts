import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rangeAfter } from '../../../renderer/components/dataset/valueRanges.ts'
import { filterShape } from '../../../renderer/filters/filterShape.ts'
import { drawSheet, patchLevels, sheetLayout } from '../../../renderer/components/patches/patchSheet.ts'
import { spriteLayout, spriteSize } from '../../../renderer/components/patches/spriteLayout.ts'

describe('a run’s sprite', () => {
  test('holds 5 × 5 filters of 8 × 8 at 1:1 with gaps of one', () => {
    expect(spriteLayout(8, 25, 44, 1)).toEqual({ perSide: 5, scale: 1, pitch: 9, margin: 0 })
    expect(spriteLayout(8, 25, 88, 2)).toEqual({ perSide: 5, scale: 2, pitch: 18, margin: 0 })
  })

  test('shows fewer of large filters, enlarges small ones, and nothing where there is none', () => {
    expect(spriteLayout(10, 25, 44, 1)?.perSide).toBe(4)
    expect(spriteLayout(10, 25, 88, 2)).toMatchObject({ perSide: 4, scale: 2 })
    expect(spriteLayout(4, 25, 44, 1)).toMatchObject({ perSide: 5, scale: 2 })
    expect(spriteLayout(64, 25, 44, 1)).toBeNull()
    expect(spriteLayout(8, 0, 44, 1)).toBeNull()
  })

  test('never reaches over its edge', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 64 }),
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom(1, 1.25, 1.5, 2, 3),
        (patchSize, count, ratio) => {
          const side = Math.round(spriteSize * ratio)
          const layout = spriteLayout(patchSize, count, side, ratio)
          if (!layout) return
          const { perSide, scale, pitch, margin } = layout
          expect(margin).toBeGreaterThanOrEqual(0)
          expect(margin + (perSide - 1) * pitch + patchSize * scale).toBeLessThanOrEqual(side)
          expect(perSide ** 2).toBeLessThanOrEqual(count)
        },
      ),
    )
  })
})

describe('a sheet of patches', () => {
  const shape = filterShape({ visible: 4, patchSize: 2, channels: 1 })

  test('draws each value as a square of whole pixels, and nothing between patches', () => {
    const layout = sheetLayout(shape, 2, 2, 9, 1)
    expect(layout).toMatchObject({ scale: 2, width: 9, height: 4 })
    const picture = drawSheet(new Float32Array([0, 1, 0.5, 0, 1, 1, 1, 1]), 2, shape, layout, {
      black: 0,
      white: 1,
    })
    const grey = (x: number, y: number) => picture.rgba[(y * 9 + x) * 4]
    const alpha = (x: number, y: number) => picture.rgba[(y * 9 + x) * 4 + 3]
    expect([grey(0, 0), grey(1, 1), grey(2, 0), grey(3, 1)]).toEqual([0, 0, 255, 255])
    expect(grey(0, 2)).toBe(128)
    expect([alpha(3, 0), alpha(4, 0), alpha(5, 0)]).toEqual([255, 0, 255])
  })

  test('clips values outside the range; NaN and an empty range are mid grey', () => {
    expect([...patchLevels(new Float32Array([-1, 2, Number.NaN]), { black: 0, white: 1 })]).toEqual([
      0, 255, 128,
    ])
    expect([...patchLevels(new Float32Array([3, 3]), { black: 3, white: 3 })]).toEqual([128, 128])
  })

  test('takes one pixel a value where the room is too small', () => {
    expect(sheetLayout(shape, 2, 6, 3, 4).scale).toBe(1)
  })
})

test('normalised values are drawn over the range they were mapped to', () => {
  const after = { mean: 0, deviation: 0.2, histogram: { min: -3, max: 4, counts: [] } }
  const statistics = { before: null, after, threeSigma: null, clippedShare: null }
  expect(rangeAfter({ normalisation: { kind: 'squash', range: 'sigmoid' }, statistics })).toEqual({
    black: 0.1,
    white: 0.9,
  })
  expect(rangeAfter({ normalisation: { kind: 'squash', range: 'tanh' }, statistics })).toEqual({
    black: -0.8,
    white: 0.8,
  })
  expect(rangeAfter({ normalisation: { kind: 'zca', epsilon: 0.1 }, statistics }).white).toBeCloseTo(0.6)
  expect(rangeAfter({ normalisation: { kind: 'none' }, statistics })).toEqual({ black: -3, white: 4 })
})
