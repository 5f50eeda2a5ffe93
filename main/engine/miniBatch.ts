import { LabError } from '#shared/domain/labError.ts'
import type { Optimiser } from '#shared/domain/runConfig.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import { adamStep } from '#main/optimiser/adam.ts'
import { sgdStep } from '#main/optimiser/sgd.ts'
import type { Engine, EngineSettings, EngineShape, Evaluation, MiniBatchState } from './engine.ts'

/** How ρ̂ of a batch mixes with that of the batches before: kept·before + (1 − kept)·mean. */
export interface MovingAverage {
  before: Float64Array
  /** 0 takes the batch's mean itself. */
  kept: number
}

/** ρ̂ from the mean of a batch; the mean itself where there is nothing to mix with. */
export function mixAverage(mean: Float64Array, average?: MovingAverage): Float64Array {
  if (!average || average.kept === 0) return mean
  const { before, kept } = average
  return mean.map((value, j) => kept * before[j] + (1 - kept) * value)
}

/** Cost and gradient over some rows of the patches; the `rhoHat` returned is the moving average. */
export type BatchGradient = (
  theta: Float64Array,
  gradient: Float64Array,
  rows: Uint32Array,
  average: MovingAverage,
) => Promise<Evaluation>

/** The state of a mini-batch optimiser before its first step; moments are zero, ρ̂ is unknown. */
export function initialMiniBatchState(theta: Float64Array, h: number, optimiser: Optimiser): MiniBatchState {
  return {
    theta: theta.slice(),
    firstMoment: new Float64Array(theta.length),
    secondMoment: new Float64Array(optimiser === 'adam' ? theta.length : 0),
    rhoHat: new Float64Array(h).fill(Number.NaN),
    step: 0,
  }
}

/**
 * Adam and SGD for any engine that can compute the gradient of a batch: the engine does the products, the update
 * is made here in float64.
 */
export function createMiniBatch(
  shape: EngineShape,
  settings: EngineSettings,
  batchGradient: BatchGradient,
): Pick<Engine, 'loadState' | 'steps' | 'readState'> {
  const { length } = thetaLayout(shape)
  const gradient = new Float64Array(length)
  let state = initialMiniBatchState(new Float64Array(length), shape.h, settings.optimiser)

  return {
    async loadState(from) {
      if (from.theta.length !== length || from.firstMoment.length !== length) {
        throw new LabError('shape', `The optimiser's state does not fit a network of ${length} parameters.`)
      }
      state = copyState(from)
    },

    async steps(order, rates) {
      const squaredError = new Float64Array(rates.length)
      for (let s = 0; s < rates.length; s++) {
        const rows = order.subarray(s * shape.batch, (s + 1) * shape.batch)
        const average = { before: state.rhoHat, kept: state.step === 0 ? 0 : settings.rhoHatDecay }
        const evaluation = await batchGradient(state.theta, gradient, rows, average)
        state.rhoHat = evaluation.rhoHat
        squaredError[s] = evaluation.squaredError
        if (settings.optimiser === 'sgd') sgdStep(state, gradient, rates[s], settings.momentum)
        else adamStep(state, gradient, rates[s])
      }
      return { squaredError }
    },

    readState: async () => copyState(state),
  }
}

const copyState = (state: MiniBatchState): MiniBatchState => ({
  theta: state.theta.slice(),
  firstMoment: state.firstMoment.slice(),
  secondMoment: state.secondMoment.slice(),
  rhoHat: state.rhoHat.slice(),
  step: state.step,
})
