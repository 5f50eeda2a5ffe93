import type { Outcome } from '#shared/domain/run.ts'
import { quasiNewtonDirection } from './direction.ts'
import {
  addPair,
  clearHistory,
  createHistory,
  historyState,
  historyVectors,
  restoreHistory,
  type HistoryState,
} from './history.ts'
import { lineSearch, type LineSearchResult } from './lineSearch.ts'
import { maxAbs, sumAbs } from './vectors.ts'
import { createVectorSpace } from './vectorSpace.ts'

/** The cost at a point, with whatever else the caller wants to know of an accepted point. */
export interface CostEvaluation {
  cost: number
}

export interface LbfgsOptions<E extends CostEvaluation> {
  /** Pairs to keep. */
  history: number
  /** Converged when max |∇J| is at most this. */
  gradientTolerance: number
  /** Cost at theta, which is only read; writes ∇J to `gradient`. A cost that is not finite is stepped back from. */
  evaluate(theta: Float64Array, gradient: Float64Array): Promise<E>
}

/** Where the optimiser stands. The arrays are its own: read them before the next step, never write. */
export interface LbfgsPoint<E> {
  theta: Float64Array
  gradient: Float64Array
  cost: number
  /** What `evaluate` returned at this very point. */
  evaluation: E
  /** max |∇J| */
  gradientNorm: number
  /** Step length of the line search that led here; 0 at the start. */
  stepLength: number
  /** Steps done. */
  iteration: number
  /** Evaluations since the start, across restores. */
  evaluations: number
}

/** Everything needed to go on bit for bit: numbers, typed arrays, and the caller's own evaluation. */
export interface LbfgsState<E> extends HistoryState {
  theta: Float64Array
  gradient: Float64Array
  evaluation: E
  stepLength: number
  iteration: number
  evaluations: number
}

export interface Lbfgs<E> {
  /** Evaluates the initial parameters; does nothing when restored or already started. */
  start(): Promise<void>
  /** One iteration. A `stop` that is not null says why no further one makes sense. */
  step(): Promise<{ stop: Extract<Outcome, 'converged' | 'lineSearchFailed' | 'diverged'> | null }>
  readonly current: LbfgsPoint<E>
  /** A copy that later steps leave alone. */
  state(): LbfgsState<E>
}

/** L-BFGS with a strong Wolfe line search, one iteration at a time. `theta` is copied. */
export function createLbfgs<E extends CostEvaluation>(
  options: LbfgsOptions<E> & { theta: Float64Array },
): Lbfgs<E> {
  return over(options, options.theta, null)
}

/** Goes on where `state` was taken. */
export function restoreLbfgs<E extends CostEvaluation>(
  state: LbfgsState<E>,
  options: LbfgsOptions<E>,
): Lbfgs<E> {
  return over(options, state.theta, state)
}

/** Three points with their gradients, and the direction. */
const ownVectors = 7

interface Slot<E> {
  theta: Float64Array
  gradient: Float64Array
  evaluation: E | null
}

function over<E extends CostEvaluation>(
  { history: capacity, gradientTolerance, evaluate }: LbfgsOptions<E>,
  theta: Float64Array,
  state: LbfgsState<E> | null,
): Lbfgs<E> {
  const space = createVectorSpace({
    length: theta.length,
    vectors: ownVectors,
    vectorsOfPairs: historyVectors(capacity),
  })
  const slot = (): Slot<E> => ({ theta: space.vector(), gradient: space.vector(), evaluation: null })
  // Three points change places by reference: where we stand, the line search's best, and its last trial.
  let here = slot()
  let best = slot()
  let trial = slot()
  const direction = space.vector()
  const alphas = new Float64Array(capacity)
  const history = createHistory(capacity, space)
  let { stepLength, iteration, evaluations } = state ?? { stepLength: 0, iteration: 0, evaluations: 0 }
  let gradientNorm = Number.NaN

  here.theta.set(theta)
  if (state) {
    here.gradient.set(state.gradient)
    here.evaluation = state.evaluation
    gradientNorm = maxAbs(here.gradient)
    restoreHistory(history, state)
  }

  const evaluationHere = (): E => {
    if (here.evaluation === null) throw new Error('L-BFGS has not been started.')
    return here.evaluation
  }

  async function search(): Promise<LineSearchResult> {
    const slope = quasiNewtonDirection(history, here.gradient, direction, alphas)
    // Rounding can turn an old history against the descent.
    if (!(slope < 0)) return { step: 0, finite: true }
    return lineSearch({
      start: { cost: evaluationHere().cost, slope },
      firstStep: history.count === 0 ? Math.min(1, 1 / sumAbs(here.gradient)) : 1,
      async sample(step) {
        space.moveAlong(trial.theta, here.theta, step, direction)
        trial.evaluation = await evaluate(trial.theta, trial.gradient)
        evaluations++
        return { step, cost: trial.evaluation.cost, slope: space.dot(trial.gradient, direction) }
      },
      keep() {
        ;[best, trial] = [trial, best]
      },
    })
  }

  return {
    async start() {
      if (here.evaluation !== null) return
      here.evaluation = await evaluate(here.theta, here.gradient)
      evaluations++
      gradientNorm = maxAbs(here.gradient)
    },

    async step() {
      if (!Number.isFinite(evaluationHere().cost) || !Number.isFinite(gradientNorm))
        return { stop: 'diverged' }
      if (gradientNorm <= gradientTolerance) return { stop: 'converged' }
      let found = await search()
      if (found.step === 0 && history.count > 0) {
        clearHistory(history)
        found = await search()
      }
      if (found.step === 0) return { stop: found.finite ? 'lineSearchFailed' : 'diverged' }

      addPair(history, here, best)
      ;[here, best] = [best, here]
      stepLength = found.step
      iteration++
      gradientNorm = maxAbs(here.gradient)
      return { stop: gradientNorm <= gradientTolerance ? 'converged' : null }
    },

    get current() {
      const evaluation = evaluationHere()
      const { theta, gradient } = here
      return {
        theta,
        gradient,
        cost: evaluation.cost,
        evaluation,
        gradientNorm,
        stepLength,
        iteration,
        evaluations,
      }
    },

    state: () => ({
      theta: here.theta.slice(),
      gradient: here.gradient.slice(),
      evaluation: evaluationHere(),
      stepLength,
      iteration,
      evaluations,
      ...historyState(history),
    }),
  }
}
