import type { Engine, EngineShape } from '#main/engine/engine.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Outcome } from '#shared/domain/run.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { initialTheta, thetaLayout } from '#shared/model/theta.ts'
import { decodeCheckpoint, encodeCheckpoint, type Plain } from './checkpoint.ts'
import { createTrainer, type TrainerState } from './createTrainer.ts'
import { createDivergenceWatch, type DivergenceState } from './divergence.ts'
import { divergedMessage } from './divergedMessage.ts'
import { failedEnd } from './failedEnd.ts'
import { createSessionReporter, type SessionOutlets } from './sessionReporter.ts'
import { snapshotSchedule } from './snapshotSchedule.ts'
import type { IterationResult } from './trainer.ts'

/** Messages, a stop among them, come in between iterations at least this often. */
const yieldMs = 20

interface CheckpointState {
  iteration: number
  elapsedMs: number
  trainer: TrainerState
  /** Absent in checkpoints of before. */
  divergence?: DivergenceState | null
}

export interface SessionJob {
  config: RunConfig
  shape: EngineShape
  /** Go on from here, */
  checkpoint: Uint8Array | null
  /** or start from these parameters; null for random ones from the seed. */
  theta: Float64Array | null
  /** Reconstruction error of the patches held out, at these parameters; absent where none are. */
  validate?(theta: Float64Array): Promise<number>
  /** Stops here for a while, as if the user had asked; null to go on to the end. */
  stopAfter: number | null
  /** Between two checkpoints, at least. */
  checkpointMs: number
  /** Whether the user has asked to stop. */
  stopped(): boolean
  /** Settles when the session is to go on or to stop; null while the user does not want it paused. */
  pause?(): Promise<void> | null
}

type Refused = NonNullable<IterationResult['refused']>

interface TrainingEnd {
  outcome: Outcome
  /** One sentence where it diverged. */
  message: string | null
}

/**
 * The training loop: an optimiser over a prepared engine, with records, snapshots and checkpoints going out.
 * Runs unchanged in a utility process, a worker thread and a window: no Node, no Electron, no DOM.
 * Ends by posting `ended`; never throws.
 */
export async function runSession(job: SessionJob, engine: Engine, outlets: SessionOutlets): Promise<void> {
  try {
    const { outcome, message } = await train(job, engine, outlets)
    outlets.post({
      type: 'ended',
      status: message !== null ? 'failed' : outcome === 'stopped' ? 'stopped' : 'finished',
      outcome,
      error: message === null ? null : { code: 'diverged', message },
    })
  } catch (error) {
    outlets.post(failedEnd(error))
  }
  outlets.live.post({ type: 'ended' })
}

async function train(job: SessionJob, engine: Engine, outlets: SessionOutlets): Promise<TrainingEnd> {
  const { config, shape } = job
  const from = job.checkpoint ? decodeCheckpoint<CheckpointState>(job.checkpoint) : null
  const trainer = await createTrainer(engine, shape, config, from?.trainer ?? startingTheta(job))
  const reporter = createSessionReporter(outlets, shape.h * shape.n, job.checkpointMs)
  const schedule = new Set(snapshotSchedule(config.iterations))
  const watch = createDivergenceWatch(config.optimiser, from?.divergence ?? null)
  let startedAt = performance.now() - (from?.elapsedMs ?? 0)
  const elapsedMs = () => performance.now() - startedAt
  let iteration = from?.iteration ?? 0
  let yieldedAt = performance.now()

  const report = async () => {
    const validation = (await job.validate?.(trainer.current().theta)) ?? null
    reporter.record(iteration, trainer.current(), elapsedMs(), validation)
    if (schedule.has(iteration)) reporter.snapshot(iteration, trainer.current())
  }
  const here = (): CheckpointState => ({
    iteration,
    elapsedMs: elapsedMs(),
    trainer: trainer.state(),
    divergence: watch.state(),
  })
  const checkpoint = (state: CheckpointState) => {
    // Interfaces lack the index signature that Plain asks for; every field of a state is plain.
    reporter.checkpoint(state.iteration, encodeCheckpoint(state as unknown as Plain))
  }
  const whilePaused = async (pause: Promise<void>) => {
    const pausedAt = performance.now()
    checkpoint(here())
    outlets.post({ type: 'paused' })
    await pause
    outlets.post({ type: 'continued' })
    startedAt += performance.now() - pausedAt
  }
  const diverged = (at: number, point: Refused, kept: CheckpointState | null): TrainingEnd => {
    const facts = {
      iteration: at,
      cost: point.cost,
      best: watch.best(),
      keptAt: kept?.iteration ?? null,
      point,
      before: trainer.current(),
    }
    return { outcome: 'diverged', message: divergedMessage(config, { n: shape.n, h: shape.h }, facts) }
  }

  await orLostAt(iteration, () => trainer.start())
  if (!Number.isFinite(trainer.current().cost)) return diverged(iteration, trainer.current(), null)
  if (!from) {
    watch.add(trainer.current().cost)
    await report()
    // From here on a run that loses its process can be resumed.
    checkpoint(here())
  }
  const standing = () => ({
    state: here(),
    point: { ...trainer.current(), rhoHat: trainer.current().rhoHat.slice() },
  })
  /** Where to go back to when the cost rises without end; L-BFGS lets none rise. */
  let good = config.optimiser === 'lbfgs' ? null : standing()
  let refused: Refused | null = null

  let outcome: Outcome | null = null
  while (outcome === null) {
    if (performance.now() - yieldedAt >= yieldMs) {
      await new Promise((resume) => setTimeout(resume, 0))
      yieldedAt = performance.now()
    }
    const pause = job.pause?.() ?? null
    if (pause) await whilePaused(pause)
    if (iteration >= config.iterations) outcome = 'maxIterations'
    else if (job.stopped() || iteration >= (job.stopAfter ?? Infinity)) outcome = 'stopped'
    else {
      const result = await orLostAt(iteration + 1, () => trainer.iterate())
      outcome = result.outcome
      if (outcome === 'diverged') refused = result.refused ?? { ...trainer.current(), cost: Number.NaN }
      if (result.advanced) {
        iteration++
        watch.add(trainer.current().cost)
        await report()
        if (watch.hasDiverged()) outcome = 'diverged'
        else if (good && watch.isNear()) good = standing()
      }
      if (outcome === null && reporter.checkpointDue()) checkpoint(here())
    }
  }
  if (outcome === 'diverged') {
    const kept = good ?? standing()
    reporter.snapshot(kept.state.iteration, kept.point)
    reporter.snapshot(iteration, trainer.current())
    checkpoint(kept.state)
    return diverged(refused === null ? iteration : iteration + 1, refused ?? trainer.current(), kept.state)
  }
  reporter.snapshot(iteration, trainer.current())
  reporter.flush()
  if (outcome === 'stopped') checkpoint(here())
  return { outcome, message: null }
}

/** Says where a run stood when its graphics device was lost: what is kept of it is its last checkpoint. */
async function orLostAt<T>(iteration: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'deviceLost') throw error
    const message = `The graphics device was lost at iteration ${iteration}. Resume on another engine.`
    throw new LabError('deviceLost', message, { cause: error })
  }
}

function startingTheta({ config, shape, theta }: SessionJob): Float64Array {
  const size = { n: shape.n, h: shape.h }
  if (theta && theta.length !== thetaLayout(size).length) {
    throw new LabError('shape', 'The initial weights do not fit this dataset and number of hidden units.')
  }
  return theta ?? initialTheta(size, config)
}
