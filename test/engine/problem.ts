import type { EngineSettings, EngineShape } from '#main/engine/engine.ts'
import { initialTheta } from '#shared/model/theta.ts'
import { createRandom } from '#shared/random/random.ts'

export const settings: EngineSettings = {
  hyper: {
    hidden: 0,
    activation: 'sigmoid',
    decoder: 'same',
    penalty: 'kl',
    rho: 0.05,
    lambda: 1e-3,
    beta: 3,
  },
  optimiser: 'lbfgs',
  momentum: 0.9,
  rhoHatDecay: 0.9,
  // As many as are told: how the number is chosen is tested apart.
  threads: 2,
}

/** Seeded patches in [0.1, 0.9] and weights with biases, for any shape. */
export function problem(m: number, n: number, h: number, batch = 256) {
  const random = createRandom(m + n + h)
  const shape: EngineShape = { m, n, h, batch }
  const patches = Float32Array.from({ length: m * n }, () => 0.1 + 0.8 * random.uniform())
  const theta = initialTheta(shape, { seed: 7 })
  for (let i = 2 * n * h; i < theta.length; i++) theta[i] = 0.5 * random.normal()
  return { shape, patches, theta, gradient: new Float64Array(theta.length) }
}

/** Largest difference, relative to the largest value of what is expected. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity
  let difference = 0
  let largest = 0
  for (let i = 0; i < expected.length; i++) {
    if (!Number.isFinite(actual[i])) return Infinity
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]))
    largest = Math.max(largest, Math.abs(expected[i]))
  }
  return difference === 0 ? 0 : difference / largest
}
