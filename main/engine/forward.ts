import { LabError } from '#shared/domain/labError.ts'
import type { Weights } from '#shared/domain/run.ts'
import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { decoderFunction, hiddenFunction } from './activation.ts'
import type { Patches } from './engine.ts'
import { weightedSums } from './reference/weightedSums.ts'

export interface Forward {
  /** m × h, what each hidden unit makes of each patch. */
  activations: Float64Array
  /** m × n, the patches as the network gives them back. */
  reconstructions: Float64Array
}

/**
 * A few patches through a trained network, in float64: for looking at, not for training.
 * @param patches  the first m of them are taken, m × n row-major
 * @throws LabError shape where there are fewer than m patches of the network's size
 */
export function forward(weights: Weights, hyper: Hyperparameters, patches: Patches, m: number): Forward {
  const { visible: n, hidden: h } = weights
  if (patches.length < m * n) {
    throw new LabError('shape', `The network takes patches of ${n} pixels; ${m} of these were not given.`)
  }
  const activations = new Float64Array(m * h)
  const reconstructions = new Float64Array(m * n)
  for (let i = 0; i < m; i++) weightedSums(weights.W1, weights.b1, patches, i * n, activations, i * h)
  hiddenFunction(hyper).apply(activations)
  for (let i = 0; i < m; i++) weightedSums(weights.W2, weights.b2, activations, i * h, reconstructions, i * n)
  decoderFunction(hyper).apply(reconstructions)
  return { activations, reconstructions }
}
