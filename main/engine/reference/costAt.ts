import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { costParts } from '#shared/model/cost.ts'
import { thetaViews, type NetworkSize } from '#shared/model/theta.ts'
import { decoderFunction, hiddenFunction } from '../activation.ts'
import type { Examples } from '../engine.ts'
import { weightedSums } from './weightedSums.ts'

/** The cost alone, in float64: what a gradient is checked against. */
export function costAt(
  theta: Float64Array,
  size: NetworkSize,
  hyper: Hyperparameters,
  { inputs, targets }: Examples,
  m: number,
): number {
  const { n, h } = size
  const { W1, W2, b1, b2 } = thetaViews(theta, size)
  const f = hiddenFunction(hyper)
  const g = decoderFunction(hyper)
  const a2 = new Float64Array(h)
  const output = new Float64Array(n)
  const rhoHat = new Float64Array(h)
  let squaredError = 0
  for (let i = 0; i < m; i++) {
    weightedSums(W1, b1, inputs, i * n, a2, 0)
    f.apply(a2)
    weightedSums(W2, b2, a2, 0, output, 0)
    g.apply(output)
    for (let j = 0; j < h; j++) rhoHat[j] += a2[j] / m
    for (let k = 0; k < n; k++) squaredError += (output[k] - targets[i * n + k]) ** 2
  }
  return costParts(theta, size, hyper, m, squaredError, rhoHat).cost
}
