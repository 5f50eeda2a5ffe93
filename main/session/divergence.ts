import type { Optimiser, RunConfig } from '#shared/domain/runConfig.ts'

const timesBest = 10
const patience = 5

export interface DivergenceState {
  initial: number
  best: number
  /** Epochs in a row that were far above both. */
  far: number
}

/**
 * Finds a cost that rises without end. The rule, for optimisers that step without looking (Adam, SGD): five epochs in a
 * row end above ten times the best cost so far and above the cost at the start. L-BFGS only takes steps that lower it.
 */
export function createDivergenceWatch(optimiser: Optimiser, from: DivergenceState | null) {
  let state = from
  return {
    /** @param cost  finite, after an epoch or at the start */
    add(cost: number): void {
      if (state === null) state = { initial: cost, best: cost, far: 0 }
      const isFar = optimiser !== 'lbfgs' && cost > timesBest * state.best && cost > state.initial
      state = { ...state, best: Math.min(state.best, cost), far: isFar ? state.far + 1 : 0 }
    },
    /** Whether the newest point is one to go back to. */
    isNear: () => state === null || state.far === 0,
    hasDiverged: () => state !== null && state.far >= patience,
    best: () => state?.best ?? Number.NaN,
    state: () => state,
  }
}

/** What happened, and what to do about it. @param cost  that was refused, or that rose; @param keptAt  the checkpoint's */
export function divergedMessage(
  config: RunConfig,
  { iteration, cost, best, keptAt }: { iteration: number; cost: number; best: number; keptAt: number },
): string {
  const what = Number.isNaN(cost)
    ? `Cost became NaN at iteration ${iteration}.`
    : Number.isFinite(cost)
      ? `Cost rose to ${cost.toPrecision(3)} by iteration ${iteration}; its best was ${best.toPrecision(3)}.`
      : `Cost became infinite at iteration ${iteration}.`
  if (keptAt < 0) return `${what} Check the patches for values far outside the range of the decoder.`
  const mend = config.optimiser === 'lbfgs' ? 'Lower the sparsity weight β' : 'Lower the learning rate'
  return `${what} ${mend} and resume from ${keptAt}.`
}
