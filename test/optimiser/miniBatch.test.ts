import { describe, expect, it } from 'vitest'
import { adamStep } from '#main/optimiser/adam.ts'
import { sgdStep } from '#main/optimiser/sgd.ts'

const zeros = () => new Float64Array(2)

describe('Adam', () => {
  it('moves each parameter by the rate at first, whatever the size of its gradient', () => {
    const state = { theta: zeros(), firstMoment: zeros(), secondMoment: zeros(), step: 0 }
    adamStep(state, Float64Array.of(1e-3, -50), 0.01)
    expect(state.theta[0]).toBeCloseTo(-0.01, 6)
    expect(state.theta[1]).toBeCloseTo(0.01, 6)
  })

  it('takes the steps of the published algorithm', () => {
    const state = { theta: Float64Array.of(1, 1), firstMoment: zeros(), secondMoment: zeros(), step: 0 }
    let first = 0
    let second = 0
    let expected = 1
    for (let t = 1; t <= 5; t++) {
      const g = t - 2
      first = 0.9 * first + 0.1 * g
      second = 0.999 * second + 0.001 * g * g
      expected -= (0.1 * first) / (1 - 0.9 ** t) / (Math.sqrt(second / (1 - 0.999 ** t)) + 1e-8)
      adamStep(state, Float64Array.of(g, 0), 0.1)
    }
    expect(state.theta[0]).toBeCloseTo(expected, 12)
    expect(state.theta[1]).toBe(1)
    expect(state.step).toBe(5)
  })
})

describe('SGD', () => {
  it('gathers velocity by its momentum', () => {
    const state = { theta: zeros(), firstMoment: zeros(), step: 0 }
    sgdStep(state, Float64Array.of(1, 0), 0.1, 0.5)
    sgdStep(state, Float64Array.of(1, 0), 0.1, 0.5)
    expect(state.firstMoment[0]).toBe(1.5)
    expect(state.theta[0]).toBeCloseTo(-0.25, 12)
    expect(state.step).toBe(2)
  })
})
