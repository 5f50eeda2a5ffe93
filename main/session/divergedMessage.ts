import type { RunConfig } from '#shared/domain/runConfig.ts'
import { isPenalised } from '#shared/model/penalties.ts'
import { largePatches, largest, saturation } from '#shared/model/saturation.ts'
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
  const saturated = Number.isFinite(found.cost) ? null : saturation(config, size, found.point, found.before)
  // Until the first step is done, it is what the run began with.
  if (keptAt === null || keptAt === 0) {
    const begun = Number.isFinite(found.cost) ? null : saturation(config, size, found.before)
    if (begun !== null) return `${what} ${begun.is} ${begun.mend}`
    const large = Number.isFinite(found.cost) ? null : overflow(size, found.before)
    if (large !== null) return `${what} ${large}`
    if (keptAt === null) return `${what} ${largePatches}`
  }
  const is = saturated === null ? '' : `${saturated.is} `
  if (config.optimiser === 'lbfgs' && !isPenalised(config)) return `${what} ${largePatches}`
  const lower = config.optimiser === 'lbfgs' ? 'the sparsity weight β' : 'the learning rate'
  return `${what} ${is}Lower ${lower} and resume from ${keptAt}.`
}

function whatHappened({ iteration, cost, best }: Divergence): string {
  if (Number.isNaN(cost)) return `Cost became NaN at iteration ${iteration}.`
  if (!Number.isFinite(cost)) return `Cost became infinite at iteration ${iteration}.`
  return `Cost rose to ${cost.toPrecision(3)} by iteration ${iteration}; its best was ${best.toPrecision(3)}.`
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
