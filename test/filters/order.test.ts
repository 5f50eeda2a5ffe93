import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dominantWave } from '#shared/filters/dominantWave.ts'
import { evaluateGabor, describeGabor } from '#shared/filters/gaborModel.ts'
import { similarityOrder } from '#shared/filters/similarityOrder.ts'

const size = 12

function gabor(angle: number, frequency: number, a: number, b: number): Float32Array {
  const values = new Float32Array(size * size)
  const middle = (size - 1) / 2
  evaluateGabor([middle, middle, angle, frequency, Math.log(3), Math.log(3), a, b], size, values, null)
  return values
}

/** Between two orientations, at most 90. */
const apart = (a: number, b: number): number => Math.min(Math.abs(a - b), 180 - Math.abs(a - b))

describe('the wave in a filter', () => {
  it('has the orientation and frequency of the Gabor function that it was made of, whatever its phase', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
        fc.double({ min: 0.17, max: 0.33, noNaN: true }),
        fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
        (angle, frequency, phase) => {
          const [a, b] = [Math.cos(phase), Math.sin(phase)]
          const wave = dominantWave(gabor(angle, frequency, a, b), size, 1)
          const { orientation } = describeGabor([0, 0, angle, frequency, 0, 0, a, b])
          expect(apart(wave?.orientation ?? NaN, orientation)).toBeLessThan(10)
          expect(Math.abs((wave?.frequency ?? NaN) - frequency)).toBeLessThan(0.03)
        },
      ),
    )
  })

  it('of horizontal stripes is horizontal, of upright ones 90 degrees', () => {
    const stripes = (of: (row: number, column: number) => number) =>
      Float32Array.from({ length: size * size }, (_, i) =>
        Math.sin((2 * Math.PI * of(Math.floor(i / size), i % size)) / 4),
      )
    expect(
      dominantWave(
        stripes((row) => row),
        size,
        1,
      )?.orientation,
    ).toBeCloseTo(0, 6)
    expect(
      dominantWave(
        stripes((_, column) => column),
        size,
        1,
      )?.orientation,
    ).toBeCloseTo(90, 6)
    expect(
      dominantWave(
        stripes((row) => row),
        size,
        1,
      )?.frequency,
    ).toBeCloseTo(0.25, 6)
  })

  it('is none in a dead filter, a flat one, or one that is not finite', () => {
    for (const value of [0, 0.3, NaN]) {
      expect(dominantWave(new Float32Array(size * size).fill(value), size, 1)).toBeNull()
    }
  })

  it('of a coloured filter is that of its luminance', () => {
    const grey = gabor(1, 0.25, 1, 0)
    const colour = Float32Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)])
    expect(dominantWave(colour, size, 3)?.orientation).toBeCloseTo(
      dominantWave(grey, size, 1)!.orientation,
      4,
    )
  })
})

describe('filters in order of similarity', () => {
  it('are all there once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, min: -9, max: 9 }), { minLength: 4, maxLength: 80 }),
        (values) => {
          const n = 4
          const filters = Float32Array.from(values.slice(0, values.length - (values.length % n)))
          const units = filters.length / n
          expect(similarityOrder(filters, n).sort((a, b) => a - b)).toEqual(
            Array.from({ length: units }, (_, unit) => unit),
          )
        },
      ),
    )
  })

  it('stand beside their likes and their negatives', () => {
    const filters = Float32Array.of(1, 0, 0, 1, -1, 0.1, 0.1, -1)
    expect(similarityOrder(filters, 2)).toEqual([0, 2, 3, 1])
  })
})
