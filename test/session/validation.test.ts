import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forward } from '#main/engine/forward.ts'
import { referenceEngine } from '#main/engine/reference/referenceEngine.ts'
import { createValidation } from '#main/session/validation.ts'
import { heldOutCount } from '#shared/model/heldOutCount.ts'
import { heldOutRows, holdOut } from '#shared/model/holdOut.ts'
import { weightsFromTheta } from '#shared/model/theta.ts'
import { problem, settings } from '../engine/problem.ts'

/** Patches that tell which row they are. */
const numbered = (m: number, n: number) => Float32Array.from({ length: m * n }, (_, i) => i)

describe('holding out patches', () => {
  it('keeps every patch whole, either to train on or to measure', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 1, max: 4 }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        fc.integer({ min: 0, max: 0xffffffff }),
        (m, n, share, seed) => {
          const count = heldOutCount(m, share)
          const { training, heldOut } = holdOut(numbered(m, n), n, { m, count, seed: { seed } })
          expect(heldOut.length).toBe(count * n)
          const rows = [...training, ...heldOut]
          const firsts = Array.from({ length: m }, (_, i) => rows[i * n])
          expect(firsts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: m }, (_, i) => i * n))
          const isHeldOut = heldOutRows({ m, count, seed: { seed } })
          firsts.forEach((first, at) => expect(isHeldOut[first / n]).toBe(Number(at >= m - count)))
          rows.forEach((value, at) => expect(value).toBe(firsts[Math.floor(at / n)] + (at % n)))
        },
      ),
    ))

  it('chooses the same patches with the same seed, others with another', () => {
    const heldOut = (seed: number) =>
      holdOut(numbered(500, 1), 1, { m: 500, count: 50, seed: { seed } }).heldOut
    expect(heldOut(1)).toEqual(heldOut(1))
    expect(heldOut(2)).not.toEqual(heldOut(1))
  })

  it('leaves the patches as they are where none are held out', () => {
    const patches = numbered(20, 3)
    const { training, heldOut } = holdOut(patches, 3, {
      m: 20,
      count: heldOutCount(20, 0),
      seed: { seed: 1 },
    })
    expect(training).toEqual(numbered(20, 3))
    expect(training.buffer).toBe(patches.buffer)
    expect(heldOut.length).toBe(0)
  })

  it.each([
    [1000, 0.1, 100],
    [10, 0.01, 1],
    [2, 0.5, 1],
    [1, 0.5, 0],
  ])('of %i patches and a share of %d holds out %i', (m, share, count) => {
    expect(heldOutCount(m, share)).toBe(count)
  })
})

it('measures the reconstruction error of the patches held out, and of no others', async () => {
  const { shape, patches, theta: exact } = problem(40, 6, 3)
  const theta = Float64Array.from(exact, Math.fround)
  const hyper = { ...settings.hyper, hidden: 3 }
  const heldOut = patches.subarray(30 * 6)
  const { validate, dispose } = await createValidation(
    referenceEngine,
    { ...shape, m: 30 },
    { ...settings, hyper },
    heldOut,
  )
  const { reconstructions } = forward(weightsFromTheta(theta, shape), hyper, heldOut, 10)
  let squaredError = 0
  for (let i = 0; i < heldOut.length; i++) squaredError += (reconstructions[i] - heldOut[i]) ** 2
  expect(await validate(theta)).toBeCloseTo(squaredError / 20, 10)
  await dispose()
})
