import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activationAt, activationNames } from '#shared/model/activations.ts'
import { costParts } from '#shared/model/cost.ts'
import { defaultConfig, runConfigSchema, type RunConfig } from '#shared/domain/runConfig.ts'
import { addColumnSlopes, penaltyCost, unitSlopes } from '#shared/model/penalties.ts'
import {
  initialTheta,
  thetaFromWeights,
  thetaLayout,
  thetaViews,
  weightsFromTheta,
} from '#shared/model/theta.ts'

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true })

describe('the sparsity penalty', () => {
  it('is zero at the target and positive elsewhere', () =>
    fc.assert(
      fc.property(share, share, (rho, r) => {
        const settings = { activation: 'sigmoid', penalty: 'kl', rho, beta: 1 } as const
        expect(penaltyCost(settings, [rho], [])).toBeCloseTo(0, 12)
        expect(penaltyCost(settings, [r], [])).toBeGreaterThanOrEqual(-1e-15)
      }),
    ))

  it.each(activationNames)('has the derivative that differences show, for %s', (activation) =>
    fc.assert(
      fc.property(share, share, (rho, r) => {
        const settings = { activation, penalty: 'kl', rho, beta: 3 } as const
        const rhoHat = activationAt(activation, r)
        const at = (value: number) => penaltyCost(settings, [value], [])
        const numeric = (at(rhoHat + 1e-6) - at(rhoHat - 1e-6)) / 2e-6
        const [given] = unitSlopes(settings, Float64Array.of(rhoHat), [])
        expect(Math.abs(given - numeric)).toBeLessThan(1e-6 * Math.max(1, Math.abs(given)))
      }),
    ),
  )

  it('l1 weighs activity by what the unit adds, so that a smaller unit with a larger column gains nothing', () => {
    const settings = { activation: 'sigmoid', penalty: 'l1', rho: 0.1, beta: 2 } as const
    // Columns of the decoder (3, 4) and (0, 2).
    const W2 = [3, 0, 4, 2]
    expect(penaltyCost(settings, [0.5, 0.25], W2)).toBe(2 * (0.5 * 5 + 0.25 * 2))
    const halved = [6, 0, 8, 2]
    expect(penaltyCost(settings, [0.25, 0.25], halved)).toBe(penaltyCost(settings, [0.5, 0.25], W2))
    expect([...unitSlopes(settings, Float64Array.of(0.5, 0.25), W2)]).toEqual([10, 4])
  })

  it('l1 gives a column that is 0 no direction', () => {
    const settings = { activation: 'sigmoid', penalty: 'l1', rho: 0.1, beta: 2 } as const
    const gradient = Float64Array.of(1, 1, 1, 1)
    addColumnSlopes(gradient, settings, Float64Array.of(0.5, 0.25), Float64Array.of(3, 0, 4, 0))
    expect([...gradient]).toEqual([1 + 2 * 0.5 * 0.6, 1, 1 + 2 * 0.5 * 0.8, 1])
  })

  it('is of units that are inactive at 0, where it is l1, and says what to choose instead', () => {
    const problem = (config: Partial<RunConfig>) =>
      runConfigSchema.safeParse({ ...defaultConfig, ...config }).error?.issues[0]
    expect(problem({ penalty: 'l1', activation: 'tanh' })).toMatchObject({
      path: ['penalty'],
      message: expect.stringMatching(
        /^Penalty l1 is for units .* choose activation sigmoid, or penalty kl\.$/,
      ),
    })
    expect(problem({ penalty: 'l1' })).toBeUndefined()
    expect(problem({ penalty: 'none', activation: 'tanh' })).toBeUndefined()
  })

  it('is infinite for a unit that never fires, and off where beta is 0', () => {
    const hyper = {
      hidden: 1,
      activation: 'sigmoid',
      decoder: 'same',
      penalty: 'kl',
      rho: 0.1,
      lambda: 0,
    } as const
    const theta = new Float64Array(thetaLayout({ n: 2, h: 1 }).length)
    expect(costParts(theta, { n: 2, h: 1 }, { ...hyper, beta: 3 }, 1, 0, [0]).cost).toBe(Infinity)
    expect(costParts(theta, { n: 2, h: 1 }, { ...hyper, beta: 0 }, 1, 0, [0]).cost).toBe(0)
  })
})

describe('theta', () => {
  const size = fc.record({ n: fc.integer({ min: 1, max: 9 }), h: fc.integer({ min: 1, max: 9 }) })

  it('is covered by its four parts, each once', () =>
    fc.assert(
      fc.property(size, (size) => {
        const theta = new Float64Array(thetaLayout(size).length)
        const { W1, W2, b1, b2 } = thetaViews(theta, size)
        for (const part of [W1, W2, b1, b2]) for (let i = 0; i < part.length; i++) part[i]++
        expect([...theta].every((count) => count === 1)).toBe(true)
        expect([W1.length, W2.length, b1.length, b2.length]).toEqual([
          size.h * size.n,
          size.n * size.h,
          size.h,
          size.n,
        ])
      }),
    ))

  it('starts small, without biases, differently for each seed and always alike for one', () =>
    fc.assert(
      fc.property(size, fc.integer({ min: 0, max: 1e6 }), (size, seed) => {
        const theta = initialTheta(size, { seed })
        const { W1, W2, b1, b2 } = thetaViews(theta, size)
        const limit = Math.sqrt(6 / (size.n + size.h + 1))
        for (const weight of [...W1, ...W2]) expect(Math.abs(weight)).toBeLessThanOrEqual(limit)
        expect([...b1, ...b2].every((bias) => bias === 0)).toBe(true)
        expect(initialTheta(size, { seed })).toEqual(theta)
        expect(initialTheta(size, { seed: seed + 1 })).not.toEqual(theta)
      }),
    ))

  it('goes through weights and back, rounded to float32', () => {
    const theta = Float64Array.from(initialTheta({ n: 4, h: 3 }, { seed: 1 }), Math.fround)
    expect(thetaFromWeights(weightsFromTheta(theta, { n: 4, h: 3 }))).toEqual(theta)
  })

  it('refuses a length that does not fit', () => {
    expect(() => thetaViews(new Float64Array(5), { n: 2, h: 2 })).toThrow(/need 12/)
  })
})
