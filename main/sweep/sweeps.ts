import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Library } from '#db/library.ts'
import { datasetNameOf } from '#db/queries/datasets.ts'
import { statusOf } from '#db/queries/runEdits.ts'
import { explainStop, setStopAfter } from '#db/queries/sweepRuns.ts'
import { getSweep, insertSweep, setSweepStatus, type NewSweep } from '#db/queries/sweeps.ts'
import type { Sessions } from '#main/session/supervisor.ts'
import { LabError, toErrorReply, type ErrorReply } from '#shared/domain/labError.ts'
import { planSweep } from '#shared/domain/planSweep.ts'
import { isUnderWay } from '#shared/domain/run.ts'
import { nextSweepStep, type SweepStep } from './nextSweepStep.ts'
import { stopSweep } from './stopSweep.ts'
import { sweepRunName } from './sweepRunName.ts'

export interface Sweeps {
  /** Plans, stores and queues a sweep. @returns its id. @throws LabError badInput, notFound */
  start(request: Omit<NewSweep, 'runs'>): number
  /**
   * Goes on with a sweep: its runs that were stopped or interrupted, or that nobody has begun.
   * @throws LabError notFound; conflict where it is running or finished
   */
  resume(sweepId: number): void
  /** Stops a sweep: what waits is taken out of the queue, what runs keeps a checkpoint; whichever process has it. */
  stop(sweepId: number): void
  /** To be told of every run that was written; cheap for runs of no sweep here. */
  runChanged(runId: number): void
  /** Nothing goes on from here; to be called before the sessions are closed. */
  close(): void
}

export interface SweepsOptions {
  library: Library
  sessions: Pick<Sessions<never>, 'enqueue' | 'stop' | 'active' | 'queued'>
  /** A sweep's state has changed. */
  onChange(sweepId: number): void
  /** The library cannot take down what is next; it is tried again. */
  onStuck?(error: ErrorReply): void
}

/** Runs queued in one turn: each is a short transaction, and main must not be away for long. */
const queuedAtOnce = 20
const retryMs = 2_000

/** Carries sweeps out over the queue of sessions. What is next is worked out from the library each time. */
export function createSweeps({ library, sessions, onChange, onStuck }: SweepsOptions): Sweeps {
  /** Runs that were handed to the queue and have not ended yet, with their sweep. */
  const followed = new Map<number, number>()
  /** Those of them whose turn to be queued has not come yet. */
  const pending = new Set<number>()
  /** Sweeps that the library could not be asked about. */
  const stalled = new Set<number>()
  /** Runs that are not carried out here and have no end yet: others have them, or the library could not take their end. */
  const awaited = new Set<number>()
  let retry: NodeJS.Timeout | undefined
  let isClosed = false

  const isHere = (runId: number) =>
    pending.has(runId) || sessions.active().includes(runId) || sessions.queued().includes(runId)

  // Between two comparisons none of its runs may be under way.
  const isCarriedOut = (sweepId: number) =>
    !isClosed && ['running', 'interrupted'].includes(getSweep(library, sweepId).status)

  /** Hands the queue what is due; a sweep with nothing left to do is finished. */
  function advance(sweepId: number, revive = false): void {
    if (!isCarriedOut(sweepId)) return
    const { goOn, waits, out } = nextSweepStep(library, getSweep(library, sweepId), revive)
    for (const { runId, message } of out) {
      explainStop(library, runId, message)
      setStopAfter(library, runId, null)
    }
    for (const { runId, iterations } of waits) {
      explainStop(library, runId, `Waits at iteration ${iterations} for the other runs of its sweep.`)
    }
    if (goOn.length === 0) setSweepStatus(library, sweepId, 'finished')
    const here = new Set([...pending, ...sessions.active(), ...sessions.queued()])
    void hand(
      sweepId,
      goOn.filter(({ runId }) => !here.has(runId)),
    )
    onChange(sweepId)
  }

  async function hand(sweepId: number, due: SweepStep['goOn']): Promise<void> {
    for (const { runId } of due) {
      followed.set(runId, sweepId)
      pending.add(runId)
    }
    try {
      for (const [index, { runId, stopAfter }] of due.entries()) {
        if (index > 0 && index % queuedAtOnce === 0) {
          await nextTurn()
          if (!isCarriedOut(sweepId)) break
        }
        pending.delete(runId)
        enqueue(runId, stopAfter)
      }
    } catch (error) {
      advanceLater(sweepId, error)
    } finally {
      for (const { runId } of due) pending.delete(runId)
    }
  }

  function enqueue(runId: number, stopAfter: number | null): void {
    try {
      setStopAfter(library, runId, stopAfter)
      sessions.enqueue(runId)
    } catch (error) {
      // Somebody else has it, or it was removed: the sweep goes on with the others.
      if (!['conflict', 'notFound'].includes(toErrorReply(error).code)) throw error
      lookLater(runId)
    }
  }

  /** The library is busy or the disk full: tried again until it is not. */
  function advanceLater(sweepId: number, error: unknown): void {
    if (isClosed) return
    onStuck?.(toErrorReply(error))
    stalled.add(sweepId)
    tryLater()
  }

  /** Others do not tell of the runs that they carry out. */
  function lookLater(runId: number): void {
    if (isClosed) return
    awaited.add(runId)
    tryLater()
  }

  function tryLater(): void {
    retry ??= setTimeout(() => {
      retry = undefined
      const [sweepIds, runIds] = [[...stalled], [...awaited]]
      stalled.clear()
      awaited.clear()
      sweepIds.forEach(tryToAdvance)
      runIds.forEach(runChanged)
    }, retryMs)
  }

  function runChanged(runId: number): void {
    const sweepId = followed.get(runId)
    if (sweepId === undefined || isHere(runId)) return
    try {
      if (isUnderWayElsewhere(runId)) return lookLater(runId)
    } catch {
      return lookLater(runId)
    }
    followed.delete(runId)
    tryToAdvance(sweepId)
  }

  function tryToAdvance(sweepId: number): void {
    try {
      advance(sweepId)
    } catch (error) {
      if (toErrorReply(error).code !== 'notFound') advanceLater(sweepId, error)
    }
  }

  return {
    start(request) {
      const sweepId = insertSweep(library, { ...request, runs: runsOf(request) })
      advance(sweepId)
      return sweepId
    },
    resume(sweepId) {
      const { name, status } = getSweep(library, sweepId)
      if (status === 'running' || status === 'finished') {
        throw new LabError('conflict', `The sweep "${name}" is ${status}; there is nothing to resume.`)
      }
      setSweepStatus(library, sweepId, 'running')
      advance(sweepId, true)
    },
    stop(sweepId) {
      stopSweep(library, sweepId, sessions.stop)
      onChange(sweepId)
    },
    runChanged,
    close() {
      isClosed = true
      clearTimeout(retry)
    },
  }

  /** @throws LabError badInput; notFound where a dataset is not there */
  function runsOf({ sweep, datasetId: own }: Omit<NewSweep, 'runs'>): NewSweep['runs'] {
    const names = new Map<number, string>()
    return planSweep(sweep).map(({ config, datasetId }) => {
      const id = datasetId ?? own
      const datasetName = names.get(id) ?? datasetNameOf(library, id)
      names.set(id, datasetName)
      return { config, datasetId: id, name: sweepRunName(sweep, { config, datasetName }) }
    })
  }

  function isUnderWayElsewhere(runId: number): boolean {
    const status = statusOf(library, runId)
    return status !== undefined && isUnderWay(status)
  }
}
