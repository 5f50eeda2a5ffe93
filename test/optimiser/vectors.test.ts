import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { vectorLoopsModule } from '#main/optimiser/vectorLoopsModule.ts'
import { buildVectorLoops } from '../../scripts/buildVectorLoops.ts'
import { createPlainSpace, createWasmSpace, type VectorSpace } from '#main/optimiser/vectorSpace.ts'
import {
  addScaled,
  addScaledThenDot,
  dot,
  maxAbs,
  moveAlong,
  subtract,
  sumAbs,
} from '#main/optimiser/vectors.ts'

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

  it('addScaledThenDot, addScaled, moveAlong, subtract', () =>
    fc.assert(
      fc.property(vectors, fc.integer({ min: -9, max: 9 }), ([y, x, w], scale) => {
        const expected = y.map((value, i) => value + scale * x[i])
        const moved = new Float64Array(y.length)
        moveAlong(moved, y, scale, x)
        expect(moved).toEqual(expected)
        const difference = new Float32Array(y.length)
        subtract(difference, x, w)
        expect(difference).toEqual(Float32Array.from(x, (value, i) => value - w[i]))
        const [pairX, pairW] = [x, w].map((values) => Float32Array.from(values))
        const added = y.slice()
        addScaled(added, scale, pairX)
        expect(added).toEqual(expected)
        const product = sum(expected.map((value, i) => value * w[i]))
        expect(addScaledThenDot(y, scale, pairX, pairW)).toBeCloseTo(product)
        expect(y).toEqual(expected)
      }),
    ))

  it('maxAbs does not hide a NaN', () => {
    expect(maxAbs(Float64Array.of(3, Number.NaN, 5))).toBeNaN()
    expect(maxAbs(Float64Array.of(3, -Infinity))).toBe(Infinity)
  })
})

/** Anything that a gradient may hold. */
const anyNumbers = fc
  .integer({ min: 1, max: 70 })
  .chain((length) =>
    fc.array(fc.array(fc.double(), { minLength: length, maxLength: length }), { minLength: 3, maxLength: 3 }),
  )

it('WebAssembly gives the same bits as JavaScript, so that a run does not depend on which was there', () =>
  fc.assert(
    fc.property(anyNumbers, fc.double({ min: -2, max: 2, noNaN: true }), (lists, scale) => {
      const { length } = lists[0]
      const carryOut = (space: VectorSpace) => {
        const [y, x, moved, scaled] = Array.from({ length: 4 }, () => space.vector())
        const [s, w, difference] = Array.from({ length: 3 }, () => space.ofPair())
        ;[y, x, w].forEach((vector, k) => vector.set(lists[k]))
        s.set(lists[1])
        const products = [space.dot(y, x), space.dot(y, s), space.dot(s, w)]
        space.moveAlong(moved, y, scale, x)
        space.subtract(difference, y, x)
        space.setScaled(scaled, scale, y)
        const fused = space.addScaledThenDot(y, scale, s, w)
        space.addScaled(x, scale, w)
        return [...products, fused, ...[y, x, s, w, moved, difference, scaled].map((vector) => [...vector])]
      }
      const wasm = createWasmSpace({ length, vectors: 4, vectorsOfPairs: 3 })
      expect(wasm).not.toBeNull()
      expect(carryOut(wasm!)).toEqual(carryOut(createPlainSpace(length)))
    }),
  ))

it('a space has room for as many vectors as were asked for, and says when there is no more', () => {
  const space = createWasmSpace({ length: 5, vectors: 1, vectorsOfPairs: 2 })!
  space.vector().fill(1)
  const [a, b] = [space.ofPair(), space.ofPair()]
  a.fill(1)
  expect([...b]).toEqual([0, 0, 0, 0, 0])
  expect(() => space.ofPair()).toThrow(/no room/)
})

it('goes on in JavaScript where WebAssembly cannot have that much memory', () => {
  expect(createWasmSpace({ length: 1e9, vectors: 7, vectorsOfPairs: 40 })).toBeNull()
})

it('the module that is loaded is the one that vectorLoops.wat says', async () => {
  expect(Buffer.from(vectorLoopsModule, 'base64').equals(await buildVectorLoops())).toBe(true)
})
