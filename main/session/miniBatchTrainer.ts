import type { Engine, EngineShape, MiniBatchState } from '#main/engine/engine.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { costParts } from '#shared/model/cost.ts'
import { learningRateAt } from '#shared/model/learningRate.ts'
import { dot } from '#main/optimiser/vectors.ts'
import { restoreRandom, shuffle } from '#shared/random/random.ts'
import { createStream } from '#shared/random/stream.ts'
import type { Trainer, TrainingPoint } from './trainer.ts'

/** Steps handed to the engine at once: long enough to feed it, short enough to stop soon. */
const stepsAtOnce = 64

export interface MiniBatchTrainerState {
  kind: 'miniBatch'
  theta: Float64Array
  firstMoment: Float64Array
  secondMoment: Float64Array
  rhoHat: Float64Array
  step: number
  random: number[]
  evaluations: number
}

/** Adam or SGD. One iteration is an epoch in a new random order; its cost is the exact one over all patches. */
export async function createMiniBatchTrainer(
  engine: Engine,
  shape: EngineShape,
  config: RunConfig,
  from: Float64Array | MiniBatchTrainerState,
): Promise<Trainer<MiniBatchTrainerState>> {
  const { m, n, h, batch } = shape
  const stepsPerEpoch = Math.ceil(m / batch)
  const restored = from instanceof Float64Array ? null : from
  let state: MiniBatchState = restored ?? freshState(from as Float64Array, h, config)
  let random = restored ? restoreRandom(restored.random) : createStream(config, 'order')
  let evaluations = restored?.evaluations ?? 0
  const gradient = new Float64Array(state.theta.length)
  let point: TrainingPoint

  /** @param epoch  that led here; 0 at the start */
  async function measure(epoch: number) {
    const { squaredError, rhoHat } = await engine.evaluate(state.theta, gradient)
    evaluations++
    const parts = costParts(state.theta, { n, h }, config, m, squaredError, rhoHat)
    const stepLength = learningRateAt(config, Math.max(0, epoch - 1))
    point = {
      ...parts,
      theta: state.theta,
      rhoHat,
      gradientNorm: Math.sqrt(dot(gradient, gradient)),
      stepLength,
      evaluations,
    }
  }

  await engine.loadState(state)
  return {
    async start() {
      // A restored state was measured before; measuring again gives the same numbers and is not counted twice.
      const counted = evaluations
      await measure(state.step / stepsPerEpoch)
      if (restored) evaluations = counted
    },
    async iterate() {
      const before = random.state()
      const epoch = state.step / stepsPerEpoch
      const rate = learningRateAt(config, epoch)
      const order = Uint32Array.from({ length: m }, (_, index) => index)
      shuffle(order, random)
      for (let from = 0; from < m; from += batch * stepsAtOnce) {
        const part = order.subarray(from, Math.min(m, from + batch * stepsAtOnce))
        const rates = new Float64Array(Math.ceil(part.length / batch)).fill(rate)
        await engine.steps(part, rates)
        evaluations += rates.length
      }
      const last = { state, point }
      state = await engine.readState()
      await measure(epoch + 1)
      if (Number.isFinite(point.cost)) return { advanced: true, outcome: null }
      const refused = point
      state = last.state
      point = last.point
      random = restoreRandom(before)
      return { advanced: false, outcome: 'diverged', refused }
    },
    current: () => point,
    state: () => ({ kind: 'miniBatch', ...state, random: random.state(), evaluations }),
  }
}

function freshState(theta: Float64Array, h: number, config: RunConfig): MiniBatchState {
  const zeros = () => new Float64Array(theta.length)
  return {
    theta,
    firstMoment: zeros(),
    secondMoment: config.optimiser === 'adam' ? zeros() : new Float64Array(0),
    rhoHat: new Float64Array(h).fill(Number.NaN),
    step: 0,
  }
}
