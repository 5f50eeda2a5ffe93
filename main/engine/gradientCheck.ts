import type { GradientCheck, PartCheck } from '#shared/domain/gradientCheck.ts'
import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { thetaLayout, type NetworkSize } from '#shared/model/theta.ts'
import { createRandom, shuffle } from '#shared/random/random.ts'
import type { Patches } from './engine.ts'
import { costAndGradient } from './reference/costAndGradient.ts'
import { costAt } from './reference/costAt.ts'
import { checkPatches, checkTheta } from './shapeCheck.ts'

/** Step of the central differences, as the course takes it. */
const epsilon = 1e-4

/**
 * Below this |g| + |ĝ|, differences are judged as if it were this: the differences themselves are good to about
 * 10⁻⁹ (the cost's third derivative times ε², and rounding over ε), so smaller gradients tell nothing.
 */
const smallest = 1e-5

export interface GradientCheckOptions extends NetworkSize {
  /** m × n; a handful is enough, since every difference costs two passes over them. */
  patches: Patches
  m: number
  hyper: Hyperparameters
  theta: Float64Array
  /** The gradient to check, of an engine at this theta and these patches; the reference's own where absent. */
  engineGradient?: Float64Array
  /** Parameters to check in each of W1, W2, b1, b2, drawn with `seed`; all where absent. */
  sample?: number
  seed?: number
}

/**
 * Checks a gradient g against central differences ĝ = (J(θ + ε) − J(θ − ε)) / 2ε of the reference cost in float64.
 * @see CS294A lecture notes, section 2.1 "Gradient checking"
 */
export function gradientCheck(options: GradientCheckOptions): GradientCheck {
  const { patches, m, n, h, hyper, theta, sample = Infinity, seed = 1 } = options
  checkPatches({ m, n, h, batch: m }, patches)
  const gradient = options.engineGradient ?? new Float64Array(theta.length)
  checkTheta({ m, n, h, batch: m }, theta, gradient)
  if (!options.engineGradient) costAndGradient(theta, { n, h }, hyper, patches, gradient)

  const at = thetaLayout({ n, h })
  const random = createRandom(seed)
  const moved = theta.slice()
  const costMovedBy = (index: number, by: number) => {
    moved[index] = theta[index] + by
    const cost = costAt(moved, { n, h }, hyper, patches, m)
    moved[index] = theta[index]
    return cost
  }
  const check = (from: number, to: number): Pairs => {
    const indices = Uint32Array.from({ length: to - from }, (_, i) => from + i)
    if (indices.length > sample) shuffle(indices, random)
    return Array.from(indices.subarray(0, Math.min(indices.length, sample)), (index) => ({
      given: gradient[index],
      numeric: (costMovedBy(index, epsilon) - costMovedBy(index, -epsilon)) / (2 * epsilon),
    }))
  }

  const W1 = check(at.W1, at.W2)
  const W2 = check(at.W2, at.b1)
  const b1 = check(at.b1, at.b2)
  const b2 = check(at.b2, at.length)
  return {
    ...compare([...W1, ...W2, ...b1, ...b2]),
    parts: { W1: compare(W1), W2: compare(W2), b1: compare(b1), b2: compare(b2) },
  }
}

type Pairs = { given: number; numeric: number }[]

/** NaN where a gradient is not a number: a check that cannot be made has not passed. */
function compare(pairs: Pairs): PartCheck {
  let largest = 0
  let squaredDifference = 0
  let squaredSum = 0
  for (const { given, numeric } of pairs) {
    const difference = Math.abs(given - numeric)
    const error = difference / Math.max(smallest, Math.abs(given) + Math.abs(numeric))
    if (!(error <= largest)) largest = Number.isNaN(largest) ? largest : error
    squaredDifference += difference * difference
    squaredSum += (given + numeric) ** 2
  }
  const normRatio = squaredDifference === 0 ? 0 : Math.sqrt(squaredDifference / squaredSum)
  return { checked: pairs.length, largestRelativeError: largest, normRatio }
}
