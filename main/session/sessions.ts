import { randomUUID } from 'node:crypto'
import type { Library } from '#db/library.ts'
import { appendIterations, truncateIterations } from '#db/queries/iterations.ts'
import { readCheckpoint, removeCheckpoint, writeCheckpoint } from '#db/queries/checkpoints.ts'
import { patchesPath } from '#db/queries/datasets.ts'
import { getRun } from '#db/queries/runs.ts'
import {
  claimRun,
  endRun,
  heartbeat,
  queueRun,
  requestStop,
  setEngine,
  type RunEnd,
} from '#db/queries/runStates.ts'
import { readSnapshot, writeSnapshot } from '#db/queries/snapshots.ts'
import { LabError, toErrorReply } from '#shared/domain/labError.ts'
import type { Outcome } from '#shared/domain/run.ts'
import type { EngineChoice } from '#shared/domain/runConfig.ts'
import { thetaFromWeights } from '#shared/model/theta.ts'
import type { FromSession, SessionStart, ToSession } from './protocol.ts'

/** A process (or thread) that carries out one session, as the supervisor sees it. */
export interface SessionHost<WatchPort> {
  post(message: ToSession): void
  onMessage(listener: (message: FromSession) => void): void
  /** Called once; `reason` says how it ended when that was not by its own will. */
  onExit(listener: (exit: { clean: boolean; reason: string }) => void): void
  /** Hands the session a port on which a window watches (see LiveMessage). */
  watch(port: WatchPort): void
  kill(): void
}

export type LaunchSession<WatchPort> = (runId: number) => SessionHost<WatchPort>

export interface Sessions<WatchPort> {
  /**
   * Queues a run that is queued, stopped, interrupted or failed; starts it when its turn comes.
   * @param engine  to compute with this time; the run's own choice where absent
   */
  enqueue(runId: number, engine?: EngineChoice): void
  /** Asks the run's owner, this process or another, to checkpoint and stop. */
  stop(runId: number): void
  /** Runs that this process carries out now. */
  active(): number[]
  /** Runs that wait for their turn here. */
  queued(): number[]
  /** false where this process does not carry out the run. */
  watch(runId: number, port: WatchPort): boolean
  /** Stops all with a checkpoint; resolves when every session has ended (or was killed after a grace of 10 s). */
  close(): Promise<void>
}

export interface SessionsOptions<WatchPort> {
  library: Library
  launch: LaunchSession<WatchPort>
  /** Something about this run was written. */
  onChange(runId: number): void
  /** Sessions at a time; one by default, since one uses all cores. */
  parallel?: number
}

interface ActiveSession<WatchPort> {
  host: SessionHost<WatchPort>
  /** Snapshots and checkpoints go to disk one after the other, without blocking; settles when all are there. */
  writes: Promise<void>
}

const heartbeatMs = 2_000
const closeGraceMs = 10_000

/** The supervisor: starts sessions in turn, writes down what they say, and leaves no run without an end. */
export function createSessions<WatchPort>(options: SessionsOptions<WatchPort>): Sessions<WatchPort> {
  const { library, launch, onChange, parallel = 1 } = options
  const owner = randomUUID()
  const queue: number[] = []
  /** Of queued runs that are to compute with another engine than their own choice. */
  const engines = new Map<number, EngineChoice>()
  const active = new Map<number, ActiveSession<WatchPort>>()
  let whenIdle: (() => void) | null = null

  const now = () => new Date()
  const beat = setInterval(() => {
    try {
      for (const runId of heartbeat(library, owner, now())) active.get(runId)?.host.post({ type: 'stop' })
    } catch {
      // The library is busy or the disk full: the next beat, or the next record, says so.
    }
  }, heartbeatMs)
  beat.unref()

  function fill() {
    while (active.size < parallel && queue.length > 0) begin(queue.shift()!)
    if (active.size === 0) whenIdle?.()
  }

  function begin(runId: number) {
    try {
      // Stopped by another process while it waited here.
      if (getRun(library, runId).status === 'stopped') return
      claimRun(library, runId, owner, now())
      const message = startMessage(library, runId, engines.get(runId))
      const host = launch(runId)
      const session = { host, writes: Promise.resolve() }
      active.set(runId, session)
      host.onMessage((message) => receive(runId, session, message))
      host.onExit(({ reason }) =>
        afterWrites(runId, session, () =>
          finish(runId, { status: 'interrupted', outcome: null, message: reason }),
        ),
      )
      host.post(message)
      onChange(runId)
    } catch (error) {
      fail(runId, error)
    }
  }

  function receive(runId: number, session: ActiveSession<WatchPort>, message: FromSession) {
    // What comes after the end (a last word of a session that was given up) belongs to nobody.
    if (active.get(runId) !== session) return
    try {
      write(runId, session, message)
      onChange(runId)
    } catch (error) {
      fail(runId, error)
    }
  }

  function write(runId: number, session: ActiveSession<WatchPort>, message: FromSession) {
    switch (message.type) {
      case 'engine':
        return setEngine(library, runId, message.engine, message.versions)
      case 'iterations':
        return appendIterations(library, runId, message.records)
      case 'snapshot':
        return afterWrites(runId, session, () =>
          writeSnapshot(library, runId, message.iteration, message.theta, message.rhoHat),
        )
      case 'checkpoint':
        return afterWrites(runId, session, () =>
          writeCheckpoint(library, runId, message.iteration, message.bytes),
        )
      case 'ended':
        return afterWrites(runId, session, () => {
          if (message.status === 'finished') removeCheckpoint(library, runId)
          const { status, outcome, error } = message
          finish(runId, { status, outcome, message: error?.message ?? null })
        })
    }
  }

  /** Goes on when the files under way are written, unless the run has ended by then. */
  function afterWrites(runId: number, session: ActiveSession<WatchPort>, next: () => void | Promise<void>) {
    const stands = () => active.get(runId) === session
    session.writes = session.writes
      .then(() => (stands() ? next() : undefined))
      .then(() => (stands() ? onChange(runId) : undefined))
      .catch((error: unknown) => fail(runId, error))
  }

  function fail(runId: number, error: unknown) {
    finish(runId, { status: 'failed', outcome: null, message: toErrorReply(error).message })
  }

  /** Ends a run here, once: the first reason stands. */
  function finish(
    runId: number,
    end: { status: RunEnd['status']; outcome: Outcome | null; message: string | null },
  ) {
    const host = active.get(runId)?.host
    active.delete(runId)
    host?.kill()
    try {
      endRun(library, runId, { ...end, now: now(), owner })
    } catch {
      // The disk is full or the library is gone: the heartbeat stops, so the run will show as interrupted.
    }
    onChange(runId)
    fill()
  }

  return {
    enqueue(runId, engine) {
      if (active.has(runId) || queue.includes(runId)) {
        throw new LabError('conflict', `Run ${runId} is already running or waiting.`)
      }
      queueRun(library, runId, owner, now())
      queue.push(runId)
      if (engine) engines.set(runId, engine)
      else engines.delete(runId)
      onChange(runId)
      fill()
    },
    stop(runId) {
      const host = active.get(runId)?.host
      const waiting = queue.indexOf(runId)
      if (host) host.post({ type: 'stop' })
      else if (waiting >= 0) {
        queue.splice(waiting, 1)
        endRun(library, runId, { status: 'stopped', outcome: 'stopped', message: null, now: now() })
        onChange(runId)
      } else requestStop(library, runId)
    },
    active: () => [...active.keys()],
    queued: () => [...queue],
    watch(runId, port) {
      active.get(runId)?.host.watch(port)
      return active.has(runId)
    },
    async close() {
      for (const runId of queue.slice()) this.stop(runId)
      for (const { host } of active.values()) host.post({ type: 'stop' })
      if (active.size > 0) {
        let timer: NodeJS.Timeout | undefined
        const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeGraceMs)))
        await Promise.race([new Promise<void>((resolve) => (whenIdle = resolve)), grace])
        clearTimeout(timer)
      }
      for (const runId of active.keys()) {
        finish(runId, {
          status: 'interrupted',
          outcome: null,
          message: 'The session did not answer and was ended.',
        })
      }
      clearInterval(beat)
    },
  }
}

/** What a session needs to know of its run; brings the run's rows back to its checkpoint. */
function startMessage(library: Library, runId: number, engine?: EngineChoice): SessionStart {
  const run = getRun(library, runId)
  // First what may refuse: a run whose patches are not here keeps its record.
  const patches = patchesPath(library, run.datasetId)
  const checkpoint = readCheckpoint(library, runId)
  // A snapshot without any iteration was put there before the start: weights to start from.
  const given = run.cost === null ? readSnapshot(library, runId, 0) : null
  if (!given) truncateIterations(library, runId, checkpoint?.iteration ?? -1)
  return {
    type: 'start',
    runId,
    config: engine ? { ...run.config, engine } : run.config,
    patchesPath: patches,
    m: run.datasetPatches,
    n: run.visible,
    checkpoint: checkpoint?.bytes ?? null,
    engine: checkpoint ? run.engine : null,
    initialTheta: given ? thetaFromWeights(given.weights) : null,
  }
}
