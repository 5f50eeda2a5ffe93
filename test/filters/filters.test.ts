import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cellAt, filterGrid } from '#shared/filters/filterGrid.ts'
import { groundPicture, renderGrid } from '#shared/filters/renderGrid.ts'
import { largestMagnitude, scaleFilter, zeroLevel } from '#shared/filters/scaleFilter.ts'
import { cosineSimilarity, similarityMatrix } from '#shared/filters/similarity.ts'

const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 })

describe('the levels of a filter', () => {
  test('reach black and white at its own largest magnitude, with zero at #808080', () => {
    expect([...scaleFilter([-2, -1, 0, 1, 2])]).toEqual([0, 64, 128, 191, 255])
    expect([...scaleFilter([0, 0.5, -0.25])]).toEqual([128, 255, 64])
  })

  test('of a dead unit are all zero grey, so that it vanishes', () => {
    expect([...scaleFilter([0, 0, -0])]).toEqual([zeroLevel, zeroLevel, zeroLevel])
  })

  test('at a shared scale are comparable, and clipped beyond it', () => {
    expect([...scaleFilter([1, -1, 4], 2)]).toEqual([191, 64, 255])
    expect([...scaleFilter([1], 0)]).toEqual([zeroLevel])
  })

  test('do not go black because of one value that is not a number', () => {
    expect([...scaleFilter([NaN, 1, Infinity, -1])]).toEqual([128, 255, 255, 0])
    expect(largestMagnitude([NaN, -3, Infinity])).toBe(3)
  })

  test('do not change when the filter is made longer: only its direction shows', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 64 }), (values) => {
        const filter = Float32Array.from(values)
        expect(scaleFilter(filter.map((value) => value * 4))).toEqual(scaleFilter(filter))
      }),
    )
  })
})

describe('a grid', () => {
  test('has the sizes of the run view: 100 filters of 8 × 8 at ×7 fill 612', () => {
    const grid = filterGrid(100, 8, { scale: 7, gap: 4, pad: 8 })
    expect(grid).toMatchObject({ columns: 10, rows: 10, width: 612, height: 612 })
    expect(filterGrid(25, 8)).toMatchObject({ columns: 5, width: 44, height: 44 })
  })

  test('never lets filters overlap or leave it', () => {
    const option = { count: fc.integer({ min: 1, max: 60 }), patchSize: fc.integer({ min: 1, max: 12 }) }
    const layout = {
      columns: fc.integer({ min: 1, max: 9 }),
      scale: fc.integer({ min: 1, max: 5 }),
      gap: fc.nat(4),
      pad: fc.nat(9),
    }
    fc.assert(
      fc.property(fc.record({ ...option, ...layout }), ({ count, patchSize, ...options }) => {
        const grid = filterGrid(count, patchSize, options)
        const corners = Array.from({ length: count }, (_, index) => cellAt(grid, index))
        for (const { x, y } of corners) {
          expect(x >= options.pad && x + grid.cell <= grid.width - options.pad).toBe(true)
          expect(y >= options.pad && y + grid.cell <= grid.height - options.pad).toBe(true)
        }
        expect(new Set(corners.map(({ x, y }) => `${x} ${y}`)).size).toBe(count)
      }),
    )
  })

  test('of no filters is empty', () => {
    expect(filterGrid(0, 8)).toMatchObject({ rows: 0, height: 0 })
  })
})

describe('a picture of filters', () => {
  const pixel = ({ rgba, width }: ReturnType<typeof renderGrid>, x: number, y: number) => [
    ...rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
  ]

  test('shows each value as a square of whole pixels, on zero grey', () => {
    const picture = renderGrid(Float32Array.of(1, 0, 0, -1, 2, 2, 2, 2), 2, 2, 1, {
      scale: 3,
      gap: 1,
      pad: 1,
      columns: 2,
    })
    expect([picture.width, picture.height]).toEqual([15, 8])
    expect(pixel(picture, 0, 0)).toEqual([128, 128, 128, 255])
    expect([pixel(picture, 1, 1), pixel(picture, 3, 3)]).toEqual([
      [255, 255, 255, 255],
      [255, 255, 255, 255],
    ])
    expect(pixel(picture, 4, 1)).toEqual([128, 128, 128, 255])
    expect(pixel(picture, 6, 6)).toEqual([0, 0, 0, 255])
    expect(pixel(picture, 7, 3)).toEqual([128, 128, 128, 255])
    expect(pixel(picture, 8, 1)).toEqual([255, 255, 255, 255])
  })

  test('takes colour with the channel last, one scale for the three', () => {
    // One pixel wide: red rises, green is zero, blue falls by half.
    const picture = renderGrid(Float32Array.of(2, 0, -1), 1, 1, 3)
    expect(pixel(picture, 0, 0)).toEqual([255, 128, 64, 255])
    const two = renderGrid(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, -1, -1, -1), 1, 2, 3)
    expect(pixel(two, 1, 0)).toEqual([128, 255, 128, 255])
    expect(pixel(two, 1, 1)).toEqual([0, 0, 0, 255])
  })

  test('at a shared range shows which filters are weak', () => {
    const filters = Float32Array.of(4, 1)
    const level = (range: 'own' | 'shared' | number) =>
      renderGrid(filters, 2, 1, 1, { range, gap: 0 }).rgba[4]
    expect([level('own'), level('shared'), level(2)]).toEqual([255, 159, 191])
  })

  test('centres smaller filters in larger cells, to draw runs of several patch sizes alike', () => {
    const picture = renderGrid(Float32Array.of(1), 1, 1, 1, { scale: 2, cell: 6 })
    expect([picture.width, picture.height]).toEqual([6, 6])
    expect([
      pixel(picture, 1, 1)[0],
      pixel(picture, 2, 2)[0],
      pixel(picture, 3, 3)[0],
      pixel(picture, 4, 4)[0],
    ]).toEqual([128, 255, 255, 128])
  })
})

describe('similarity', () => {
  test('is the cosine, with its sign, and 0 for a dead unit', () => {
    expect(cosineSimilarity([1, 2], [2, 4])).toBeCloseTo(1, 12)
    expect(cosineSimilarity([1, 2], [-1, -2])).toBeCloseTo(-1, 12)
    expect(cosineSimilarity([1, 0], [0, 3])).toBe(0)
    expect(cosineSimilarity([0, 0], [0, 3])).toBe(0)
  })

  test('of a run with itself is 1 on the diagonal, symmetric, and never beyond ±1', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(finite, finite, finite), { minLength: 1, maxLength: 8 }), (rows) => {
        const filters = Float32Array.from(rows.flat())
        const count = rows.length
        const matrix = similarityMatrix(filters, filters, 3)
        expect(matrix).toHaveLength(count * count)
        for (let j = 0; j < count; j++) {
          const isDead = rows[j].every((value) => value === 0)
          expect(matrix[j * count + j]).toBeCloseTo(isDead ? 0 : 1, 5)
          for (let k = 0; k < count; k++) {
            expect(matrix[j * count + k]).toBe(matrix[k * count + j])
            expect(Math.abs(matrix[j * count + k])).toBeLessThanOrEqual(1)
          }
        }
      }),
    )
  })

  test('compares runs of different size, row by row', () => {
    const matrix = similarityMatrix(Float32Array.of(1, 0, 0, 1), Float32Array.of(1, 0, -1, 0, 0, 2), 2)
    expect([...matrix]).toEqual([1, -1, 0, 0, 0, 1])
  })
})

test('a picture that was drawn into is taken again, clean, for one of its size only', () => {
  const used = renderGrid(Float32Array.of(1, 0, 0, -1), 1, 2, 1)
  const { width, height } = used
  const fresh = groundPicture(width, height)
  const again = groundPicture(width, height, used)
  expect(again).toBe(used)
  expect(again).toEqual(fresh)
  expect(groundPicture(width + 1, height, used)).not.toBe(used)
})
