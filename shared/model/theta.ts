import { LabError } from '../domain/labError.ts'
import type { Weights } from '../domain/run.ts'
import { createStream, type Seed } from '../random/stream.ts'

/** Sizes of the network: `n` visible units, `h` hidden units. */
export interface NetworkSize {
  n: number
  h: number
}

/** Offsets of [W1 h×n, W2 n×h, b1 h, b2 n] in theta. */
export function thetaLayout({ n, h }: NetworkSize) {
  const W2 = h * n
  const b1 = 2 * h * n
  const b2 = b1 + h
  return { W1: 0, W2, b1, b2, length: b2 + n }
}

/** The four parts of theta as views: writing to them writes theta. */
export function thetaViews<T extends Float32Array | Float64Array>(theta: T, size: NetworkSize) {
  const at = thetaLayout(size)
  if (theta.length !== at.length) {
    throw new LabError(
      'shape',
      `The parameters have ${theta.length} values; ${size.n} visible and ${size.h} hidden units need ${at.length}.`,
    )
  }
  const part = (from: number, to: number) => theta.subarray(from, to) as T
  return {
    W1: part(at.W1, at.W2),
    W2: part(at.W2, at.b1),
    b1: part(at.b1, at.b2),
    b2: part(at.b2, at.length),
  }
}

/**
 * Initial parameters: weights uniform in ±√(6/(n + h + 1)), biases 0.
 * @see CS294A lecture notes, section 2 (and Glorot and Bengio 2010)
 */
export function initialTheta(size: NetworkSize, seed: Seed): Float64Array {
  const random = createStream(seed, 'weights')
  const at = thetaLayout(size)
  const theta = new Float64Array(at.length)
  const limit = Math.sqrt(6 / (size.n + size.h + 1))
  for (let i = 0; i < at.b1; i++) theta[i] = (2 * random.uniform() - 1) * limit
  return theta
}

export function weightsFromTheta(theta: Float64Array, { n, h }: NetworkSize): Weights {
  const views = thetaViews(Float32Array.from(theta), { n, h })
  return { visible: n, hidden: h, ...views }
}

export function thetaFromWeights(weights: Weights): Float64Array {
  const theta = new Float64Array(thetaLayout({ n: weights.visible, h: weights.hidden }).length)
  const views = thetaViews(theta, { n: weights.visible, h: weights.hidden })
  views.W1.set(weights.W1)
  views.W2.set(weights.W2)
  views.b1.set(weights.b1)
  views.b2.set(weights.b2)
  return theta
}
