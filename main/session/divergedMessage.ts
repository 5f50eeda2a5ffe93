import type { RunConfig } from '#shared/domain/runConfig.ts'
import { activeShare, klDerivative } from '#shared/model/cost.ts'
import { thetaViews, type NetworkSize } from '#shared/model/theta.ts'
import type { TrainingPoint } from './trainer.ts'

/** What is known of a cost that is no number, or that rose without end. */
export interface Divergence {
  /** Iteration that it was found at, or that did not come about. */
  iteration: number
  /** The cost that was refused, or that rose. */
  cost: number
  /** The best cost before. */
  best: number
  /** Iteration of the checkpoint that is kept; null where there is none. */
  keptAt: number | null
  /** The point with that cost; the last one before where it was not kept. */
  point: Point
  /** The last point before that; the same where there is none. */
  before: Point
}
type Point = Pick<TrainingPoint, 'theta' | 'rhoHat'>

/** What happened, why as far as the numbers tell, and what to do about it. */
export function divergedMessage(config: RunConfig, size: NetworkSize, found: Divergence): string {
  const { keptAt } = found
  const what = whatHappened(found)
  const saturated = Number.isFinite(found.cost) ? null : saturation(config, size, found)
  // Until the first step is done, it is what the run began with.
  if (keptAt === null || keptAt === 0) {
    const begun = Number.isFinite(found.cost)
      ? null
      : saturation(config, size, { ...found, point: found.before })
    if (begun !== null) return `${what} ${begun.is} ${begun.mend}`
    const large = Number.isFinite(found.cost) ? null : overflow(size, found.before)
    if (large !== null) return `${what} ${large}`
    if (keptAt === null) return `${what} ${largePatches}`
  }
  const is = saturated === null ? '' : `${saturated.is} `
  if (config.optimiser === 'lbfgs' && config.beta === 0) return `${what} ${largePatches}`
  const lower = config.optimiser === 'lbfgs' ? 'the sparsity weight β' : 'the learning rate'
  return `${what} ${is}Lower ${lower} and resume from ${keptAt}.`
}

const largePatches =
  'Values of the patches are too large for these units: normalise the dataset, so that they lie where the decoder reaches.'

function whatHappened({ iteration, cost, best }: Divergence): string {
  if (Number.isNaN(cost)) return `Cost became NaN at iteration ${iteration}.`
  if (!Number.isFinite(cost)) return `Cost became infinite at iteration ${iteration}.`
  return `Cost rose to ${cost.toPrecision(3)} by iteration ${iteration}; its best was ${best.toPrecision(3)}.`
}

/** Units whose sparsity term has no finite slope in float32: ρ̂ is as far from ρ as it can be. */
function saturatedUnits({ activation, rho, beta }: RunConfig, rhoHat: Float64Array): number[] {
  const slopeAt = (j: number) => Math.fround(beta * klDerivative(activation, rho, rhoHat[j]))
  return Array.from(rhoHat.keys()).filter((j) => Number.isFinite(rhoHat[j]) && !Number.isFinite(slopeAt(j)))
}

/** So close that the mean over one batch, or a step to try, is beyond. */
const closeShare = 1e-6

function closeUnits({ activation }: RunConfig, rhoHat: Float64Array): number[] {
  return Array.from(rhoHat.keys()).filter((j) => {
    const share = activeShare(activation, rhoHat[j])
    return Math.min(share, 1 - share) < closeShare
  })
}

/** A bias or weight beyond this was not drawn, and hardly learnt. */
const largeParameter = 10

function saturation(
  config: RunConfig,
  size: NetworkSize,
  { point, before }: Divergence,
): { is: string; mend: string } | null {
  if (config.beta === 0) return null
  const now = saturatedUnits(config, point.rhoHat)
  const units = now.length > 0 ? now : closeUnits(config, before.rhoHat)
  if (units.length === 0) return null
  const { rhoHat, theta } = now.length > 0 ? point : before
  const [first] = units
  const named = units.slice(0, 4).map((unit) => unit + 1)
  const more = units.length > named.length ? ` and ${units.length - named.length} more` : ''
  const who = units.length === 1 ? `Unit ${named[0]} is` : `Units ${named.join(', ')}${more} are`
  const whose =
    units.length === 1 ? 'its average activation ρ̂' : `the average activation ρ̂ of unit ${named[0]}`
  // Rounding of float32 leads a little beyond.
  const least = config.activation === 'tanh' ? -1 : 0
  const value = Number(Math.min(1, Math.max(least, rhoHat[first])).toPrecision(3))
  const is = `${who} saturated: ${whose} is ${value}, where the sparsity term has no bound.`
  const { W1, b1 } = thetaViews(theta, size)
  const bias = Number(b1[first].toPrecision(3))
  const weight = largest(W1.subarray(first * size.n, (first + 1) * size.n))
  if (Math.abs(bias) > largeParameter) {
    return { is, mend: `The bias is ${bias}: start from weights with one nearer to 0, or set β to 0.` }
  }
  if (weight > largeParameter) {
    return {
      is,
      mend: `The weights reach ${Number(weight.toPrecision(3))}: start from smaller ones, or set β to 0.`,
    }
  }
  return { is, mend: largePatches }
}

/** Squares of more than this, times values of any use, are beyond float32. */
const overflowing = 1e15

function overflow(size: NetworkSize, { theta }: Point): string | null {
  const { W1, W2, b1, b2 } = thetaViews(theta, size)
  const parts = { W1, W2, b1, b2 }
  for (const name of ['W1', 'W2', 'b1', 'b2'] as const) {
    const reached = largest(parts[name])
    if (reached > overflowing) {
      return `Values of ${name} reach ${Number(reached.toPrecision(3))}, too large to compute with: start from smaller weights.`
    }
  }
  return null
}

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
