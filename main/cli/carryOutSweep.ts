import { listRuns } from '#db/queries/runs.ts'
import { getSweep } from '#db/queries/sweeps.ts'
import { launchWorkerSession } from '#main/session/launchWorkerSession.ts'
import { createSessions } from '#main/session/sessions.ts'
import { nextSweepStep } from '#main/sweep/nextSweepStep.ts'
import { createSweeps, type Sweeps } from '#main/sweep/sweeps.ts'
import type { ParallelChoice } from '#shared/domain/queueState.ts'
import { LabError, type ErrorCode, type ErrorReply } from '#shared/domain/labError.ts'
import { comparisonNote, type Comparison } from '#shared/domain/halving.ts'
import { rankRuns, valueOf } from '#shared/domain/rankRuns.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import { settingIn, type Sweep, type SweepSummary } from '#shared/domain/sweep.ts'
import type { Context, Output } from './command.ts'
import { fixed, pairs, table } from './text.ts'

/**
 * Carries out a sweep here to its end: what `sweep` and `resume-sweep` do. Ctrl-C stops it; checkpoints are kept.
 * @param begin  starts or resumes it; returns its id
 */
export async function carryOutSweep(
  context: Context,
  parallel: ParallelChoice,
  begin: (sweeps: Sweeps) => number,
): Promise<Output> {
  const library = context.library()
  let sweepId: number | null = null
  let ended!: () => void
  let failed!: (error: unknown) => void
  const end = new Promise<void>((resolve, reject) => {
    ended = resolve
    failed = reject
  })
  const giveUp = ({ code, message }: ErrorReply): void => {
    if (code !== 'libraryBusy') failed(new LabError(code, message))
  }
  const sessions = createSessions<never>({
    library,
    parallel,
    launch: launchWorkerSession,
    onChange: (runId) =>
      trying(() => {
        sweeps.runChanged(runId)
        if (sweepId !== null) look(sweepId)
      }),
    onEnd(_, { message }, code) {
      // The library cannot say that this run has ended, or it is another's: what is next cannot be worked out here.
      if (code !== null && endsSweep.has(code)) giveUp({ code, message: message ?? '' })
    },
    onStuck: giveUp,
  })
  const sweeps = createSweeps({
    library,
    sessions,
    onChange: (id) => trying(() => look(id)),
    onStuck: giveUp,
  })

  /** Whatever goes wrong between two words of a session ends the command with its sentence. */
  function trying(act: () => void): void {
    try {
      act()
    } catch (error) {
      failed(error)
    }
  }

  function look(id: number) {
    const { status, ended: done, runs, name } = getSweep(library, id)
    context.progress.show(done, runs, `${name}: ${done} of ${runs} runs`)
    if (status === 'finished' || (status === 'stopped' && sessions.active().length === 0)) ended()
  }

  const stop = () => {
    if (sweepId !== null && getSweep(library, sweepId).status === 'running') sweeps.stop(sweepId)
  }
  try {
    sweepId = begin(sweeps)
    context.interrupted.addEventListener('abort', () => trying(stop))
    if (context.interrupted.aborted) stop()
    look(sweepId)
    await end
  } finally {
    // Said already, where it is what ends the command.
    end.catch(() => {})
    sweeps.close()
    await sessions.close()
  }
  const summary = getSweep(library, sweepId)
  return sweepOutput(
    summary,
    nextSweepStep(library, summary, false).comparisons,
    listRuns(library).filter((run) => run.sweepId === sweepId),
    context.interrupted.aborted,
  )
}

const endsSweep: ReadonlySet<ErrorCode> = new Set([
  'diskFull',
  'libraryGone',
  'readOnly',
  'damaged',
  'lostRun',
])

function sweepOutput(
  summary: SweepSummary,
  comparisons: readonly Comparison[],
  all: readonly RunSummary[],
  interrupted: boolean,
): Output {
  const { id, name, status, sweep } = summary
  const runs = rankRuns(all, sweep).map((run) => resultOf(run, sweep))
  const best = runs.find(({ value }) => value !== null) ?? null
  const columns = sweep.axes.map(({ parameter }) => parameter)
  const text = [
    pairs([
      ['Sweep', `${id} "${name}", ${status}, ${runs.length} runs by ${sweep.measure}`],
      ['Best', best ? `run ${best.runId}, ${sweep.measure} ${fixed(best.value)}` : '–'],
    ]),
    '',
    table(
      [
        'run',
        ...columns,
        ...(columns.includes('seed') ? [] : ['seed']),
        'iterations',
        sweep.measure,
        'status',
      ],
      runs.map((run) => [
        run.runId,
        ...Object.values(run.settings),
        run.iterations,
        fixed(run.value),
        run.message ?? run.status,
      ]),
    ),
    ...comparisons.map(comparisonNote).filter((note) => note !== null),
    ...(interrupted ? [`Checkpoints are kept. Go on with: lab resume-sweep ${id}`] : []),
  ].join('\n')
  const failed = runs.length > 0 && runs.every((run) => run.status === 'failed')
  return {
    json: { sweepId: id, name, status, measure: sweep.measure, runs, best, comparisons },
    text,
    exitCode: failed ? 1 : 0,
  }
}

/** A run of a sweep as the command line tells it. */
function resultOf(run: RunSummary, sweep: Sweep) {
  const parameters = [...new Set([...sweep.axes.map(({ parameter }) => parameter), 'seed' as const])]
  const { id: runId, name, status, message, iterations, cost, reconstruction, validation, elapsedMs } = run
  const settings = Object.fromEntries(parameters.map((parameter) => [parameter, settingIn(run, parameter)]))
  return {
    runId,
    name,
    status,
    message,
    settings,
    value: valueOf(run, sweep.measure),
    iterations,
    cost,
    reconstruction,
    validation,
    elapsedMs,
  }
}
