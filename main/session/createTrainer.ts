import type { Engine, EngineShape } from '#main/engine/engine.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { LabError } from '#shared/domain/labError.ts'
import { createLbfgsTrainer, type LbfgsTrainerState } from './lbfgsTrainer.ts'
import { createMiniBatchTrainer, type MiniBatchTrainerState } from './miniBatchTrainer.ts'
import type { Trainer } from './trainer.ts'

export type TrainerState = LbfgsTrainerState | MiniBatchTrainerState

/** @param from initial theta, or the state to go on from */
export async function createTrainer(
  engine: Engine,
  shape: EngineShape,
  config: RunConfig,
  from: Float64Array | TrainerState,
): Promise<Trainer<TrainerState>> {
  const wanted = config.optimiser === 'lbfgs' ? 'lbfgs' : 'miniBatch'
  if (!(from instanceof Float64Array) && from.kind !== wanted) {
    throw new LabError(
      'badInput',
      'The checkpoint is of another optimiser. Start the run again from its settings.',
    )
  }
  return config.optimiser === 'lbfgs'
    ? createLbfgsTrainer(engine, shape, config, from as Float64Array | LbfgsTrainerState)
    : createMiniBatchTrainer(engine, shape, config, from as Float64Array | MiniBatchTrainerState)
}
