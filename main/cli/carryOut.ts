import type { Library } from '#db/library.ts'
import { removedMeanwhile } from '#db/queries/ownership.ts'
import { getRun } from '#db/queries/runs.ts'
import { explainedVariance } from '#main/analysis/explainedVariance.ts'
import { launchWorkerSession } from '#main/session/launchWorkerSession.ts'
import { createSessions } from '#main/session/sessions.ts'
import { isUserError, LabError, toErrorReply, type ErrorReply } from '#shared/domain/labError.ts'
import { isUnderWay, outcomeNames, type RunDetail } from '#shared/domain/run.ts'
import { runRemarks, type ExplainedVariance } from '#shared/domain/runRemarks.ts'
import type { EngineChoice } from '#shared/domain/runConfig.ts'
import type { Context, Output } from './command.ts'
import { duration, fixed, pairs, targetText } from './text.ts'

/**
 * Trains a run here to its end: what `train` and `resume` do. Ctrl-C stops it with a checkpoint.
 * @param engine  to compute with this time; the run's own choice where absent
 */
export async function carryOut(runId: number, context: Context, engine?: EngineChoice): Promise<Output> {
  const library = context.library()
  let ended!: (error: Partial<ErrorReply>) => void
  const end = new Promise<Partial<ErrorReply>>((resolve) => (ended = resolve))
  const sessions = createSessions<never>({
    library,
    launch: launchWorkerSession,
    onChange: trying(() => {
      const run = followRun(library, runId)
      const text = `${run.iterations} / ${run.config.iterations}  cost ${fixed(run.cost)}  ${duration(run.elapsedMs)}`
      context.progress.show(run.iterations, run.config.iterations, text)
      if (sessions.active().includes(runId) || sessions.queued().includes(runId)) return
      // While it waited, another process stopped it, or took it.
      ended(isUnderWay(run.status) ? takenOver(runId) : { message: run.message ?? undefined })
    }),
    onEnd: (_, { message }, code) => ended({ message: message ?? undefined, code: code ?? undefined }),
    onStuck: (error) => ended(error),
  })
  /** Whatever goes wrong between two words of the session ends the command with its sentence. */
  function trying(act: () => void): () => void {
    return () => {
      try {
        act()
      } catch (error) {
        ended(toErrorReply(error))
      }
    }
  }
  const stop = trying(() => sessions.stop(runId))
  let reply: Partial<ErrorReply>
  try {
    sessions.enqueue(runId, engine)
    context.interrupted.addEventListener('abort', stop)
    if (context.interrupted.aborted) stop()
    reply = await end
  } finally {
    await sessions.close()
  }
  const { code = 'internal', message = `Run ${runId} has ended; resume it.` } = reply
  if (code === 'lostRun') throw new LabError(code, message)
  const run = followRun(library, runId)
  // The library could not take the end down: the run will show as interrupted.
  if (isUnderWay(run.status)) throw new LabError(code, message)
  return trainOutput(run, explainedVariance(library, run), context.interrupted.aborted, isUserError(code))
}

/** @throws LabError lostRun where it is gone: it was there when this command began. */
function followRun(library: Library, runId: number): RunDetail {
  try {
    return getRun(library, runId)
  } catch (error) {
    if (toErrorReply(error).code !== 'notFound') throw error
    throw new LabError('lostRun', removedMeanwhile(runId), { cause: error })
  }
}

const takenOver = (runId: number): ErrorReply => ({
  code: 'lostRun',
  message: `Run ${runId} was taken over by another process while it waited here. Follow it there.`,
})

const share = (explained: number | null) => (explained === null ? '–' : `${(100 * explained).toFixed(1)} %`)

/** @param canMend  whether the user can mend what ended it */
function trainOutput(
  run: RunDetail,
  explained: ExplainedVariance,
  interrupted: boolean,
  canMend: boolean,
): Output {
  const remarks = runRemarks(run, explained)
  const { cost, reconstruction, weightDecay, sparsity, validation, rhoHat, elapsedMs, evaluations } = run
  const json = {
    runId: run.id,
    status: run.status,
    outcome: run.outcome,
    message: run.message,
    iterations: run.iterations,
    cost,
    reconstruction,
    weightDecay,
    sparsity,
    validation,
    rhoHat,
    varianceExplained: explained.trained,
    varianceExplainedHeldOut: explained.heldOut,
    dead: run.deadUnits,
    remarks,
    engine: run.engine?.engine ?? null,
    device: run.engine?.device ?? null,
    elapsedMs,
    evaluations,
  }
  const text = [
    pairs([
      ['Run', `${run.id} "${run.name}", ${run.status} after ${run.iterations} iterations`],
      ['Ended', run.outcome === null ? '–' : outcomeNames[run.outcome]],
      ['Cost', fixed(cost)],
      ['  reconstruction', fixed(reconstruction)],
      ['  weight decay', fixed(weightDecay)],
      ['  sparsity', fixed(sparsity)],
      ...(validation === null ? [] : [['  of patches held out', fixed(validation)] as [string, string]]),
      [
        'Variance explained',
        validation === null
          ? share(explained.trained)
          : `${share(explained.trained)} of the patches trained on, ${share(explained.heldOut)} of those held out`,
      ],
      [
        'Average activation',
        rhoHat
          ? `${fixed(rhoHat.min)} to ${fixed(rhoHat.max)}, mean ${fixed(rhoHat.mean)}${targetText(run.config)}`
          : '–',
      ],
      ['Dead units', run.deadUnits === null ? '–' : `${run.deadUnits} of ${run.config.hidden}`],
      ['Engine', run.engine ? `${run.engine.backend}, ${run.engine.device}. ${run.engine.reason}` : '–'],
      ['Time', `${duration(elapsedMs)}, ${evaluations} evaluations`],
    ]),
    ...(run.message ? [run.message] : []),
    ...remarks,
    ...(interrupted ? [`A checkpoint is kept. Go on with: lab resume ${run.id}`] : []),
  ].join('\n')
  const isWell = run.status === 'finished' || run.status === 'stopped'
  return { json, text, exitCode: isWell ? 0 : canMend ? 2 : 1 }
}
