import type { Engine, EngineShape } from '#main/engine/engine.ts'
import { createLbfgs, restoreLbfgs, type CostEvaluation, type LbfgsState } from '#main/optimiser/lbfgs.ts'
import { dot } from '#main/optimiser/vectors.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { costParts, type CostParts } from '#shared/model/cost.ts'
import type { Trainer } from './trainer.ts'

interface PointEvaluation extends CostEvaluation, CostParts {
  rhoHat: Float64Array
}

export interface LbfgsTrainerState {
  kind: 'lbfgs'
  lbfgs: LbfgsState<PointEvaluation>
}

/** Full-batch L-BFGS in float64 over any engine's gradient. */
export async function createLbfgsTrainer(
  engine: Engine,
  shape: EngineShape,
  config: RunConfig,
  from: Float64Array | LbfgsTrainerState,
): Promise<Trainer<LbfgsTrainerState>> {
  const options = {
    history: config.history,
    gradientTolerance: config.gradientTolerance,
    async evaluate(theta: Float64Array, gradient: Float64Array): Promise<PointEvaluation> {
      const { squaredError, rhoHat } = await engine.evaluate(theta, gradient)
      return { ...costParts(theta, shape, config, shape.m, squaredError, rhoHat), rhoHat: rhoHat.slice() }
    },
  }
  const lbfgs =
    from instanceof Float64Array
      ? createLbfgs({ ...options, theta: from })
      : restoreLbfgs(from.lbfgs, options)

  return {
    start: () => lbfgs.start(),
    async iterate() {
      const before = lbfgs.current.iteration
      const { stop } = await lbfgs.step()
      return { advanced: lbfgs.current.iteration > before, outcome: stop }
    },
    current() {
      const { theta, gradient, evaluation, stepLength, evaluations } = lbfgs.current
      const gradientNorm = Math.sqrt(dot(gradient, gradient))
      return { ...evaluation, theta, gradientNorm, stepLength, evaluations }
    },
    state: () => ({ kind: 'lbfgs', lbfgs: lbfgs.state() }),
  }
}
