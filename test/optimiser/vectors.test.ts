import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addScaledThenDot, dot, maxAbs, moveAlong, subtract, sumAbs } from '#main/optimiser/vectors.ts'

/** Two to three vectors of one length; whole numbers, so that every order of summing gives the same. */
const vectors = fc
  .integer({ min: 0, max: 23 })
  .chain((length) =>
    fc.array(fc.array(fc.integer({ min: -99, max: 99 }), { minLength: length, maxLength: length }), {
      minLength: 3,
      maxLength: 3,
    }),
  )
  .map((lists) => lists.map((list) => Float64Array.from(list)))

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)

describe('unrolled loops give what plain loops give, at every length', () => {
  it('dot, sumAbs, maxAbs', () =>
    fc.assert(
      fc.property(vectors, ([a, b]) => {
        expect(dot(a, b)).toBeCloseTo(sum(a.map((value, i) => value * b[i])))
        expect(sumAbs(a)).toBe(sum(a.map(Math.abs)))
        expect(maxAbs(a)).toBe(Math.max(0, ...a.map(Math.abs)))
      }),
    ))

  it('addScaledThenDot, moveAlong, subtract', () =>
    fc.assert(
      fc.property(vectors, fc.integer({ min: -9, max: 9 }), ([y, x, w], scale) => {
        const expected = y.map((value, i) => value + scale * x[i])
        const moved = new Float64Array(y.length)
        moveAlong(moved, y, scale, x)
        expect(moved).toEqual(expected)
        const difference = new Float64Array(y.length)
        subtract(difference, x, w)
        expect(difference).toEqual(x.map((value, i) => value - w[i]))
        expect(addScaledThenDot(y, scale, x, w)).toBeCloseTo(sum(expected.map((value, i) => value * w[i])))
        expect(y).toEqual(expected)
      }),
    ))

  it('maxAbs does not hide a NaN', () => {
    expect(maxAbs(Float64Array.of(3, Number.NaN, 5))).toBeNaN()
    expect(maxAbs(Float64Array.of(3, -Infinity))).toBe(Infinity)
  })
})
