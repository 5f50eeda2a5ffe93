import { expect, it } from 'vitest'
import { reproducing } from '#main/engine/engine.ts'
import { forward } from '#main/engine/forward.ts'
import { referenceEngine } from '#main/engine/reference/referenceEngine.ts'
import { unitSlopes } from '#shared/model/penalties.ts'
import { weightsFromTheta } from '#shared/model/theta.ts'
import { largestDifference, problem, settings } from './problem.ts'

const n = 6
const h = 3
const { shape, patches, theta: rounded } = problem(20, n, h, 10)
// Weights are stored in float32; with such values `forward` sees the very same network.
const theta = Float64Array.from(rounded, Math.fround)

/** Two batches with a learning rate of 0: theta stays, and the velocity is the second batch's gradient. */
async function twoBatches(beta: number) {
  const hyper = { ...settings.hyper, hidden: h, beta }
  const given = { hyper, optimiser: 'sgd' as const, momentum: 0, rhoHatDecay: 0.8 }
  const engine = await referenceEngine.create(shape, given)
  await engine.setExamples(reproducing(patches))
  await engine.loadState({
    theta,
    firstMoment: new Float64Array(theta.length),
    secondMoment: new Float64Array(0),
    rhoHat: new Float64Array(h).fill(Number.NaN),
    step: 0,
  })
  await engine.steps(
    Uint32Array.from({ length: 20 }, (_, i) => i),
    new Float64Array(2),
  )
  return engine.readState()
}

const hyper = { ...settings.hyper, hidden: h }
const { activations } = forward(weightsFromTheta(theta, shape), hyper, patches, 20)
const meanOver = (from: number, to: number) =>
  Float64Array.from({ length: h }, (_, j) => {
    let sum = 0
    for (let i = from; i < to; i++) sum += activations[i * h + j]
    return sum / (to - from)
  })

it('averages the activation over batches, starting with the first batch as it is', async () => {
  const first = meanOver(0, 10)
  const expected = meanOver(10, 20).map((mean, j) => 0.8 * first[j] + 0.2 * mean)
  expect(largestDifference((await twoBatches(3)).rhoHat, expected)).toBeLessThan(1e-12)
})

it('puts that average, with the full factor beta, into the gradient of the batch', async () => {
  const { rhoHat, firstMoment } = await twoBatches(3)
  const { firstMoment: without } = await twoBatches(0)
  const slopes = unitSlopes({ ...hyper, beta: 3 }, rhoHat, [])
  const expected = new Float64Array(h * n)
  for (let j = 0; j < h; j++) {
    for (let i = 10; i < 20; i++) {
      const a = activations[i * h + j]
      const delta = slopes[j] * a * (1 - a)
      for (let k = 0; k < n; k++) expected[j * n + k] += (delta * patches[i * n + k]) / 10
    }
  }
  const actual = firstMoment.slice(0, h * n).map((value, i) => value - without[i])
  expect(largestDifference(actual, expected)).toBeLessThan(1e-10)
})
