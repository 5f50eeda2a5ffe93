import { expect, it } from 'vitest'
import { reproducing } from '#main/engine/engine.ts'
import { costAndGradient } from '#main/engine/reference/costAndGradient.ts'
import { createLbfgs } from '#main/optimiser/lbfgs.ts'
import { sgdStep } from '#main/optimiser/sgd.ts'
import { costParts } from '#shared/model/cost.ts'
import { initialTheta } from '#shared/model/theta.ts'
import { createRandom } from '#shared/random/random.ts'

const size = { n: 9, h: 4 }
const m = 60
const hyper = {
  hidden: 4,
  activation: 'sigmoid',
  decoder: 'same',
  penalty: 'kl',
  rho: 0.1,
  lambda: 1e-4,
  beta: 3,
} as const

/** 3 × 3 patches, each with one bright row or column. */
const random = createRandom(5)
const patches = Float64Array.from({ length: m * size.n }, () => 0.1)
for (let i = 0; i < m; i++) {
  const bar = random.integer(3)
  const across = random.integer(2) === 0
  for (let k = 0; k < 3; k++) patches[i * 9 + (across ? bar * 3 + k : k * 3 + bar)] = 0.9
}

function cost(theta: Float64Array, gradient: Float64Array): number {
  const { squaredError, rhoHat } = costAndGradient(theta, size, hyper, reproducing(patches), gradient)
  return costParts(theta, size, hyper, m, squaredError, rhoHat).cost
}

it('L-BFGS trains a small autoencoder further than as many steps of gradient descent', async () => {
  const initial = initialTheta(size, { seed: 1 })
  const lbfgs = createLbfgs({
    theta: initial,
    history: 20,
    gradientTolerance: 1e-6,
    evaluate: async (theta, gradient) => ({ cost: cost(theta, gradient) }),
  })
  await lbfgs.start()
  while (lbfgs.current.evaluations < 50) await lbfgs.step()

  let lowest = Infinity
  for (const rate of [0.03, 0.1, 0.3, 1]) {
    const state = { theta: initial.slice(), firstMoment: new Float64Array(initial.length), step: 0 }
    const gradient = new Float64Array(initial.length)
    for (let step = 0; step < 50; step++) {
      lowest = Math.min(lowest, cost(state.theta, gradient))
      sgdStep(state, gradient, rate, 0)
    }
  }
  expect(lbfgs.current.cost).toBeLessThan(0.8 * lowest)
})
