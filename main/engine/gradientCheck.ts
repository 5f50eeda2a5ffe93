import type { GradientCheck, PartCheck } from '#shared/domain/gradientCheck.ts'
import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { thetaLayout, type NetworkSize } from '#shared/model/theta.ts'
import { shuffle, type Random } from '#shared/random/random.ts'
import { reproducing, type Patches } from './engine.ts'
import { costAndGradient } from './reference/costAndGradient.ts'
import { costAt } from './reference/costAt.ts'
import { checkExamples, checkTheta } from './shapeCheck.ts'

/**
 * Step of the differences. The course takes 10⁻⁴ on two points; with four points the error falls with ε⁴, so that a
 * larger step loses less to rounding where the cost is large.
 */
const epsilon = 2e-3

/**
 * Below this |g| + |ĝ|, differences are judged as if it were this: the differences themselves are good to about
 * 10⁻¹¹ of the cost, so smaller gradients tell nothing.
 */
const smallest = 1e-5

export interface GradientCheckOptions extends NetworkSize {
  /** m × n; a handful is enough, since every difference costs four passes over them. */
  patches: Patches
  m: number
  hyper: Hyperparameters
  theta: Float64Array
  /** The gradient to check, of an engine at this theta and these patches; the reference's own where absent. */
  engineGradient?: Float64Array
  /** Draws so many parameters of each of W1, W2, b1, b2 for differences; all are taken where absent. */
  sample?: { most: number; random: Random }
}

/**
 * Checks a gradient g twice: on some parameters against central differences of the reference cost in float64,
 * ĝ = (8(J(θ + ε) − J(θ − ε)) − (J(θ + 2ε) − J(θ − 2ε))) / 12ε, and on all of them against the reference's gradient.
 * @see CS294A lecture notes, section 2.1 "Gradient checking"
 */
export function gradientCheck(options: GradientCheckOptions): GradientCheck {
  const { patches, m, n, h, hyper, theta, sample } = options
  const examples = reproducing(patches)
  checkExamples({ m, n, h, batch: m }, examples)
  const reference = new Float64Array(theta.length)
  const gradient = options.engineGradient ?? reference
  checkTheta({ m, n, h, batch: m }, theta, gradient)
  costAndGradient(theta, { n, h }, hyper, examples, reference)

  const moved = theta.slice()
  const costMovedBy = (index: number, by: number) => {
    moved[index] = theta[index] + by
    const cost = costAt(moved, { n, h }, hyper, examples, m)
    moved[index] = theta[index]
    return cost
  }
  const difference = (index: number, by: number) => costMovedBy(index, by) - costMovedBy(index, -by)
  const check = (from: number, to: number) => {
    const indices = Uint32Array.from({ length: to - from }, (_, i) => from + i)
    if (sample && indices.length > sample.most) shuffle(indices, sample.random)
    const differences = Array.from(indices.subarray(0, sample?.most), (index) => ({
      given: gradient[index],
      expected: (8 * difference(index, epsilon) - difference(index, 2 * epsilon)) / (12 * epsilon),
    }))
    const references = Array.from(gradient.subarray(from, to), (given, i) => ({
      given,
      expected: reference[from + i],
    }))
    return { differences, references }
  }

  const at = thetaLayout({ n, h })
  const W1 = check(at.W1, at.W2)
  const W2 = check(at.W2, at.b1)
  const b1 = check(at.b1, at.b2)
  const b2 = check(at.b2, at.length)
  const all = [W1, W2, b1, b2]
  return {
    ...compare({
      differences: all.flatMap(({ differences }) => differences),
      references: all.flatMap(({ references }) => references),
    }),
    parts: { W1: compare(W1), W2: compare(W2), b1: compare(b1), b2: compare(b2) },
  }
}

type Pairs = { given: number; expected: number }[]

function compare({ differences, references }: { differences: Pairs; references: Pairs }): PartCheck {
  let largest = 0
  for (const { given, expected } of differences) {
    const error = Math.abs(given - expected) / Math.max(smallest, Math.abs(given) + Math.abs(expected))
    if (!(error <= largest)) largest = Number.isNaN(largest) ? largest : error
  }
  return {
    checked: differences.length,
    largestRelativeError: largest,
    normRatio: normRatio(differences),
    referenceRatio: normRatio(references),
  }
}

/** ‖g − ĝ‖ / ‖g + ĝ‖; NaN where one is not a number: a check that cannot be made has not passed. */
function normRatio(pairs: Pairs): number {
  let squaredDifference = 0
  let squaredSum = 0
  for (const { given, expected } of pairs) {
    squaredDifference += (given - expected) ** 2
    squaredSum += (given + expected) ** 2
  }
  if (squaredDifference === 0) return 0
  return Math.sqrt(squaredDifference / Math.max(squaredSum, pairs.length * smallest * smallest))
}
