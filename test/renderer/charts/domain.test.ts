import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { halfDecades, nearestSteps, positiveRange, wholeDecades } from '../../../renderer/charts/domain.ts'
import { costDomain } from '../../../renderer/charts/valueAxis.ts'

describe('a log domain', () => {
  it('ends at whole decades, half decades or 1-2-5 steps', () => {
    expect(wholeDecades({ min: 0.15, max: 130 })).toEqual({ min: 0.1, max: 1000 })
    expect(halfDecades({ min: 0.0095, max: 0.16 })).toEqual({ min: 0.003, max: 0.3 })
    expect(nearestSteps({ min: 0.13, max: 19 })).toEqual({ min: 0.1, max: 20 })
  })

  it('does not widen what already ends there', () => {
    expect(wholeDecades({ min: 0.001, max: 10 })).toEqual({ min: 0.001, max: 10 })
    expect(nearestSteps({ min: 0.2, max: 5 })).toEqual({ min: 0.2, max: 5 })
  })

  it('contains its values and is never empty', () => {
    const value = fc.double({ min: 1e-9, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(value, value, fc.constantFrom(wholeDecades, halfDecades, nearestSteps), (a, b, widen) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)]
        const domain = widen({ min, max })
        expect(domain.min).toBeLessThanOrEqual(min * (1 + 1e-6))
        expect(domain.max).toBeGreaterThanOrEqual(max * (1 - 1e-6))
        expect(domain.max).toBeGreaterThan(domain.min)
      }),
    )
  })
})

describe('the range of columns', () => {
  it('leaves out what a log axis cannot show, and a cost that diverged', () => {
    expect(positiveRange([[0, -1, NaN, Infinity, 2], [0.5]])).toEqual({ min: 0.5, max: 2 })
    expect(positiveRange([[0, NaN]])).toBeNull()
    expect(positiveRange([[100, 3, 2]], 1)).toEqual({ min: 2, max: 3 })
  })
})

describe('the domain of the cost', () => {
  it('clips a part that falls more than three decades below the cost', () => {
    expect(costDomain('log', [[130, 0.16]], [[120, 1e-9]], 0, 'decades')).toEqual({ min: 1e-4, max: 1000 })
  })

  it('starts at 0 on a linear axis', () => {
    expect(costDomain('linear', [[0.39, 0.2]], [[0.1]], 0, 'decades')).toEqual({ min: 0, max: 0.4 })
  })

  it('is unknown before the first iteration', () => {
    expect(costDomain('log', [[]], [[]], 0, 'decades')).toBeNull()
  })
})
