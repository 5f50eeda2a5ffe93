import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { adamStep } from '#main/optimiser/adam.ts'
import { sgdStep } from '#main/optimiser/sgd.ts'
import { formatStepLoops } from '../../scripts/printStepLoops.ts'
import { createRandom } from '#shared/random/random.ts'

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

it('steps of Adam and SGD have the bits that they always had, so that old checkpoints go on as they would have', () => {
  const random = createRandom(5)
  // Longer than what is computed at a time, and no multiple of it.
  const vector = () => Float64Array.from({ length: 1301 }, () => random.normal())
  const theta = vector()
  const adam = { theta: theta.slice(), firstMoment: vector(), secondMoment: vector().map(Math.abs), step: 3 }
  const sgd = { theta: theta.slice(), firstMoment: adam.firstMoment.slice(), step: 3 }
  const gradient = vector()
  const expected = { adam: structuredClone(adam), sgd: structuredClone(sgd) }
  for (let i = 0; i < gradient.length; i++) {
    const { theta, firstMoment, secondMoment } = expected.adam
    const g = gradient[i]
    firstMoment[i] = 0.9 * firstMoment[i] + (1 - 0.9) * g
    secondMoment[i] = 0.999 * secondMoment[i] + (1 - 0.999) * g * g
    theta[i] -=
      (0.01 * (firstMoment[i] / (1 - 0.9 ** 4))) / (Math.sqrt(secondMoment[i] / (1 - 0.999 ** 4)) + 1e-8)
    const velocity = expected.sgd.firstMoment
    velocity[i] = 0.8 * velocity[i] + g
    expected.sgd.theta[i] -= 0.01 * velocity[i]
  }
  adamStep(adam, gradient, 0.01)
  sgdStep(sgd, gradient, 0.01, 0.8)
  expect(adam).toEqual({ ...expected.adam, step: 4 })
  expect(sgd).toEqual({ ...expected.sgd, step: 4 })
})

it('the loops of both are those that the expressions print', async () => {
  const file = new URL('../../main/optimiser/stepLoops.ts', import.meta.url)
  expect(readFileSync(file, 'utf8')).toBe(await formatStepLoops())
})
