import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { addColumnSlopes, unitSlopes } from '#shared/model/penalties.ts'
import { thetaViews, type NetworkSize } from '#shared/model/theta.ts'
import { decoderFunction, hiddenFunction } from '../activation.ts'
import type { Evaluation, Examples } from '../engine.ts'
import { mixAverage, type MovingAverage } from '../miniBatch.ts'
import { weightedSums } from './weightedSums.ts'

/**
 * The cost's ingredients and its gradient by back-propagation, patch by patch, in float64.
 * @param theta     [W1 h×n, W2 n×h, b1, b2]; only read
 * @param examples  inputs and targets, m × n each
 * @param gradient  length of theta; overwritten with ∇J
 * @param rows      the examples to take, in this order; all where absent
 * @param average   how ρ̂ mixes with that of earlier batches; where absent it is the exact mean
 * @see CS294A lecture notes, sections 2 and 3
 */
export function costAndGradient(
  theta: Float64Array,
  size: NetworkSize,
  hyper: Hyperparameters,
  { inputs, targets }: Examples,
  gradient: Float64Array,
  rows?: Uint32Array,
  average?: MovingAverage,
): Evaluation {
  const { n, h } = size
  const m = rows ? rows.length : inputs.length / n
  const startOf = (i: number) => (rows ? rows[i] : i) * n
  const { W1, W2, b1, b2 } = thetaViews(theta, size)
  const to = thetaViews(gradient, size)
  const f = hiddenFunction(hyper)
  const g = decoderFunction(hyper)

  // Forward to the hidden layer: ρ̂ has to be known before any delta.
  const a2 = new Float64Array(m * h)
  for (let i = 0; i < m; i++) weightedSums(W1, b1, inputs, startOf(i), a2, i * h)
  f.apply(a2)
  const derivative2 = new Float64Array(m * h)
  f.derivative(derivative2, a2)
  const mean = new Float64Array(h)
  for (let i = 0; i < m; i++) for (let j = 0; j < h; j++) mean[j] += a2[i * h + j] / m
  const rhoHat = mixAverage(mean, average)
  const slopes = unitSlopes(hyper, rhoHat, W2)

  gradient.fill(0)
  let squaredError = 0
  const output = new Float64Array(n)
  const derivative3 = new Float64Array(n)
  const delta3 = new Float64Array(n)
  for (let i = 0; i < m; i++) {
    const x = startOf(i)
    const a = a2.subarray(i * h, (i + 1) * h)
    weightedSums(W2, b2, a, 0, output, 0)
    g.apply(output)
    g.derivative(derivative3, output)
    for (let k = 0; k < n; k++) {
      const error = output[k] - targets[x + k]
      squaredError += error * error
      delta3[k] = (error * derivative3[k]) / m
      to.b2[k] += delta3[k]
      for (let j = 0; j < h; j++) to.W2[k * h + j] += delta3[k] * a[j]
    }
    for (let j = 0; j < h; j++) {
      let back = slopes[j] / m
      for (let k = 0; k < n; k++) back += W2[k * h + j] * delta3[k]
      const delta2 = back * derivative2[i * h + j]
      to.b1[j] += delta2
      for (let k = 0; k < n; k++) to.W1[j * n + k] += delta2 * inputs[x + k]
    }
  }
  for (let i = 0; i < W1.length; i++) to.W1[i] += hyper.lambda * W1[i]
  for (let i = 0; i < W2.length; i++) to.W2[i] += hyper.lambda * W2[i]
  addColumnSlopes(to.W2, hyper, rhoHat, W2)
  return { squaredError, rhoHat }
}
