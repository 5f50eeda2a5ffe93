import { decoderFunction, hiddenFunction } from '#main/engine/activation.ts'
import { weightedSums } from '#main/engine/reference/weightedSums.ts'
import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { unitSlopes } from '#shared/model/penalties.ts'
import { thetaViews, type NetworkSize } from '#shared/model/theta.ts'

/** What someone may get wrong in a gradient: terms left out or weighed wrong. */
interface Slips {
  /** Factors of the weight decay. */
  decay1: number
  decay2: number
  /** Of the biases, which are not decayed. */
  biasDecay: number
  /** Factor of the sparsity term. */
  sparsity: number
  hiddenDerivative: boolean
  decoderDerivative: boolean
  /** Patches too few or too many that are divided by. */
  extraPatches: number
  /** Of the patches in the reconstruction's part of the encoder. */
  backFactor: number
}
const none: Slips = {
  decay1: 1,
  decay2: 1,
  biasDecay: 0,
  sparsity: 1,
  hiddenDerivative: true,
  decoderDerivative: true,
  extraPatches: 0,
  backFactor: 1,
}

export interface GradientProblem {
  theta: Float64Array
  size: NetworkSize
  hyper: Hyperparameters
  patches: Float32Array | Float64Array
}

/** Back-propagation in float64, with slips. */
function slippedGradient({ theta, size, hyper, patches }: GradientProblem, change: Partial<Slips>) {
  const slips = { ...none, ...change }
  const { n, h } = size
  const rows = patches.length / n
  const m = rows + slips.extraPatches
  const { W1, W2, b1, b2 } = thetaViews(theta, size)
  const gradient = new Float64Array(theta.length)
  const to = thetaViews(gradient, size)
  const f = hiddenFunction(hyper)
  const g = decoderFunction(hyper)
  const a2 = new Float64Array(rows * h)
  const rhoHat = new Float64Array(h)
  for (let i = 0; i < rows; i++) weightedSums(W1, b1, patches, i * n, a2, i * h)
  f.apply(a2)
  for (let i = 0; i < rows; i++) for (let j = 0; j < h; j++) rhoHat[j] += a2[i * h + j] / rows
  const slopes = unitSlopes(hyper, rhoHat, W2)
  const derivative2 = new Float64Array(rows * h)
  f.derivative(derivative2, a2)
  const output = new Float64Array(n)
  const derivative3 = new Float64Array(n)
  const delta3 = new Float64Array(n)
  for (let i = 0; i < rows; i++) {
    const a = a2.subarray(i * h, (i + 1) * h)
    weightedSums(W2, b2, a, 0, output, 0)
    g.apply(output)
    g.derivative(derivative3, output)
    for (let k = 0; k < n; k++) {
      const derivative = slips.decoderDerivative ? derivative3[k] : 1
      delta3[k] = ((output[k] - patches[i * n + k]) * derivative) / m
      to.b2[k] += delta3[k]
      for (let j = 0; j < h; j++) to.W2[k * h + j] += delta3[k] * a[j]
    }
    for (let j = 0; j < h; j++) {
      let back = 0
      for (let k = 0; k < n; k++) back += W2[k * h + j] * delta3[k]
      back *= slips.backFactor
      back += (slips.sparsity * slopes[j]) / m
      const delta2 = back * (slips.hiddenDerivative ? derivative2[i * h + j] : 1)
      to.b1[j] += delta2
      for (let k = 0; k < n; k++) to.W1[j * n + k] += delta2 * patches[i * n + k]
    }
  }
  for (let i = 0; i < W1.length; i++) {
    to.W1[i] += hyper.lambda * slips.decay1 * W1[i]
    to.W2[i] += hyper.lambda * slips.decay2 * W2[i]
  }
  for (let j = 0; j < h; j++) to.b1[j] += hyper.lambda * slips.biasDecay * b1[j]
  for (let k = 0; k < n; k++) to.b2[k] += hyper.lambda * slips.biasDecay * b2[k]
  return gradient
}

type Views = ReturnType<typeof thetaViews<Float64Array>>
type Broken = (problem: GradientProblem) => Float64Array

const slip =
  (change: Partial<Slips>): Broken =>
  (problem) =>
    slippedGradient(problem, change)
/** A right gradient, then spoilt. */
const spoil =
  (change: (parts: Views, size: NetworkSize) => void): Broken =>
  (problem) => {
    const gradient = slippedGradient(problem, {})
    change(thetaViews(gradient, problem.size), problem.size)
    return gradient
  }
const scale = (values: Float64Array, factor: number) => {
  for (let i = 0; i < values.length; i++) values[i] *= factor
}
const swap = (values: Float64Array, width: number) => {
  const first = values.slice(0, width)
  values.copyWithin(0, width, 2 * width)
  values.set(first, width)
}
/** As if rows × columns were columns × rows. */
const transpose = (values: Float64Array, columns: number) => {
  const rows = values.length / columns
  values.set(values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]))
}

export const rightGradient: Broken = slip({})

export const brokenGradients: Readonly<Record<string, Broken>> = {
  'no weight decay': slip({ decay1: 0, decay2: 0 }),
  'no decay of W1': slip({ decay1: 0 }),
  'no decay of W2': slip({ decay2: 0 }),
  'half the decay of W1': slip({ decay1: 0.5 }),
  'half the decay of W2': slip({ decay2: 0.5 }),
  'twice the decay of W1': slip({ decay1: 2 }),
  'twice the decay of W2': slip({ decay2: 2 }),
  'a tenth too much decay': slip({ decay1: 1.1, decay2: 1.1 }),
  'biases decayed': slip({ biasDecay: 1 }),
  'W1 1 % too large': spoil(({ W1 }) => scale(W1, 1.01)),
  'W2 1 % too large': spoil(({ W2 }) => scale(W2, 1.01)),
  'no sparsity term': slip({ sparsity: 0 }),
  'the sparsity term 1 % too large': slip({ sparsity: 1.01 }),
  'the sparsity term negative': slip({ sparsity: -1 }),
  'tanh’s factor ½ missing in the sparsity term': (problem) =>
    slippedGradient(problem, { sparsity: problem.hyper.activation === 'tanh' ? 2 : 1 }),
  'the reconstruction’s part of the encoder 1 % too large': slip({ backFactor: 1.01 }),
  'b1 missing': spoil(({ b1 }) => void b1.fill(0)),
  'b2 missing': spoil(({ b2 }) => void b2.fill(0)),
  'b1 1 % too large': spoil(({ b1 }) => scale(b1, 1.01)),
  'b2 1 % too large': spoil(({ b2 }) => scale(b2, 1.01)),
  'W1 transposed': spoil(({ W1 }, { n }) => transpose(W1, n)),
  'W2 transposed': spoil(({ W2 }, { h }) => transpose(W2, h)),
  'two rows of W1 swapped': spoil(({ W1 }, { n }) => swap(W1, n)),
  'two rows of W2 swapped': spoil(({ W2 }, { h }) => swap(W2, h)),
  'two biases swapped': spoil(({ b1 }) => swap(b1, 1)),
  'the wrong sign': spoil((parts) => Object.values(parts).forEach((part) => scale(part, -1))),
  'the hidden derivative missing': slip({ hiddenDerivative: false }),
  'the decoder’s derivative missing': slip({ decoderDerivative: false }),
  'divided by m − 1': slip({ extraPatches: -1 }),
  'divided by m + 1': slip({ extraPatches: 1 }),
  'one unit’s row of W1 zero': spoil(({ W1 }, { n }) => void W1.fill(0, 3 * n, 4 * n)),
  'one pixel’s row of W2 zero': spoil(({ W2 }, { h }) => void W2.fill(0, 3 * h, 4 * h)),
  'one bias zero': spoil(({ b1 }) => void (b1[3] = 0)),
}
