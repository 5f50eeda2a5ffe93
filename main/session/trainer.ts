import type { CostParts } from '#shared/model/cost.ts'
import type { Outcome } from '#shared/domain/run.ts'

/** Where a training stands after an iteration. Arrays are the trainer's own: copy what you keep. */
export interface TrainingPoint extends CostParts {
  theta: Float64Array
  rhoHat: Float64Array
  /** ‖∇J‖₂ over all parameters. */
  gradientNorm: number
  stepLength: number
  /** Evaluations of cost and gradient since the start; a mini-batch step counts as one. */
  evaluations: number
}

export interface IterationResult {
  /** Whether there is a new point; when not, the last good one still stands. */
  advanced: boolean
  /** Why the optimiser stops here; null to go on. */
  outcome: Outcome | null
  /** The point that was refused because its cost is no number, where it diverged. */
  refused?: Pick<TrainingPoint, 'cost' | 'theta' | 'rhoHat'>
}

/** An optimiser over an engine, driven one iteration at a time. */
export interface Trainer<State> {
  /** Evaluates the starting point, where it was not restored. */
  start(): Promise<void>
  /** One L-BFGS step, or one epoch. */
  iterate(): Promise<IterationResult>
  current(): TrainingPoint
  /** Everything needed to go on bit for bit. */
  state(): State
}
