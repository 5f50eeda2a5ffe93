import type { Optimiser } from '#shared/domain/runConfig.ts'

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
