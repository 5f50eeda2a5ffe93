import type { Engine, EngineShape } from '#main/engine/engine.ts'
import { LabError, toErrorReply } from '#shared/domain/labError.ts'
import type { Outcome } from '#shared/domain/run.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { initialTheta, thetaLayout } from '#shared/model/theta.ts'
import { decodeCheckpoint, encodeCheckpoint, type Plain } from './checkpoint.ts'
import { createTrainer, type TrainerState } from './createTrainer.ts'
import { createSessionReporter, type SessionOutlets } from './sessionReporter.ts'
import { snapshotSchedule } from './snapshotSchedule.ts'

/** Messages, a stop among them, come in between iterations at least this often. */
const yieldMs = 20

interface CheckpointState {
  iteration: number
  elapsedMs: number
  trainer: TrainerState
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
  /** Whether the user has asked to stop. */
  stopped(): boolean
}

/**
 * The training loop: an optimiser over a prepared engine, with records, snapshots and checkpoints going out.
 * Runs unchanged in a utility process, a worker thread and a window: no Node, no Electron, no DOM.
 * Ends by posting `ended`; never throws.
 */
export async function runSession(job: SessionJob, engine: Engine, outlets: SessionOutlets): Promise<void> {
  try {
    const { outcome, iteration } = await train(job, engine, outlets)
    const diverged = outcome === 'diverged'
    outlets.post({
      type: 'ended',
      status: diverged ? 'failed' : outcome === 'stopped' ? 'stopped' : 'finished',
      outcome,
      error: diverged ? { code: 'diverged', message: divergedMessage(job.config, iteration + 1) } : null,
    })
  } catch (error) {
    outlets.post({ type: 'ended', status: 'failed', outcome: null, error: toErrorReply(error) })
  }
  outlets.live.post({ type: 'ended' })
}

function divergedMessage(config: RunConfig, iteration: number): string {
  const mend =
    config.optimiser === 'lbfgs'
      ? 'Check the patches for values far outside the range of the decoder, or lower β.'
      : `Lower the learning rate (it was ${config.learningRate}) and start again.`
  return `Cost became NaN at iteration ${iteration}. ${mend}`
}

/** @returns why it stopped, and the last iteration that stands */
async function train(
  job: SessionJob,
  engine: Engine,
  outlets: SessionOutlets,
): Promise<{ outcome: Outcome; iteration: number }> {
  const { config, shape } = job
  const from = job.checkpoint ? decodeCheckpoint<CheckpointState>(job.checkpoint) : null
  const trainer = await createTrainer(engine, shape, config, from?.trainer ?? startingTheta(job))
  const reporter = createSessionReporter(outlets, shape.h * shape.n)
  const schedule = new Set(snapshotSchedule(config.iterations))
  const startedAt = performance.now() - (from?.elapsedMs ?? 0)
  const elapsedMs = () => performance.now() - startedAt
  let iteration = from?.iteration ?? 0
  let yieldedAt = performance.now()

  const report = async () => {
    const validation = (await job.validate?.(trainer.current().theta)) ?? null
    reporter.record(iteration, trainer.current(), elapsedMs(), validation)
    if (schedule.has(iteration)) reporter.snapshot(iteration, trainer.current())
  }
  const checkpoint = () => {
    const state: CheckpointState = { iteration, elapsedMs: elapsedMs(), trainer: trainer.state() }
    // Interfaces lack the index signature that Plain asks for; every field of a state is plain.
    reporter.checkpoint(iteration, encodeCheckpoint(state as unknown as Plain))
  }

  await orLostAt(iteration, () => trainer.start())
  if (!Number.isFinite(trainer.current().cost)) return { outcome: 'diverged', iteration: iteration - 1 }
  if (!from) {
    await report()
    // From here on a run that loses its process can be resumed.
    checkpoint()
  }

  let outcome: Outcome | null = null
  while (outcome === null) {
    if (performance.now() - yieldedAt >= yieldMs) {
      await new Promise((resume) => setTimeout(resume, 0))
      yieldedAt = performance.now()
    }
    if (job.stopped()) outcome = 'stopped'
    else if (iteration >= config.iterations) outcome = 'maxIterations'
    else {
      const result = await orLostAt(iteration + 1, () => trainer.iterate())
      outcome = result.outcome
      if (result.advanced) {
        iteration++
        await report()
      }
      if (reporter.checkpointDue()) checkpoint()
    }
  }
  reporter.snapshot(iteration, trainer.current())
  reporter.flush()
  if (outcome === 'stopped' || outcome === 'diverged') checkpoint()
  return { outcome, iteration }
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
  return theta ?? initialTheta(size, config.seed)
}
