import type { Library } from '#db/library.ts'
import { appendIterations } from '#db/queries/iterations.ts'
import { removeCheckpoint, writeCheckpoint } from '#db/queries/checkpoints.ts'
import { requestStop, setEngine } from '#db/queries/runStates.ts'
import { writeSnapshot } from '#db/queries/snapshots.ts'
import { defaultSettings } from '#shared/domain/settings.ts'
import { LabError, toErrorReply, type ErrorCode } from '#shared/domain/labError.ts'
import type { Outcome } from '#shared/domain/run.ts'
import type { EngineChoice } from '#shared/domain/runConfig.ts'
import type { FromSession, ToSession } from './protocol.ts'
import { createLibraryQueue, type QueuedRunEnd, type RunQueue } from './runQueue.ts'
import type { SessionExit } from './sessionExit.ts'
import { startMessage, type SessionSettings } from './startMessage.ts'

/** A process (or thread) that carries out one session, as the supervisor sees it. */
export interface SessionHost<WatchPort> {
  post(message: ToSession): void
  onMessage(listener: (message: FromSession) => void): void
  /** Called once. */
  onExit(listener: (exit: SessionExit) => void): void
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
  /** Ends the run's process at once, here or elsewhere: what it did since its last checkpoint is lost. */
  stopNow(runId: number): void
  /**
   * Lets the processor go; the run keeps its process, its memory and its turn.
   * @throws LabError conflict where this process does not carry it out
   */
  pause(runId: number): void
  /** @throws LabError conflict where this process does not carry it out */
  continue(runId: number): void
  /** Puts a run that waits here at a place of the queue, from 0. */
  move(runId: number, place: number): void
  /** Runs that this process carries out now, paused ones too. */
  active(): number[]
  /** Runs that wait for their turn here, in their order. */
  queued(): number[]
  /** How many are carried out at a time. */
  parallel(): number
  /** With a lower number nothing is stopped; fewer are started. */
  setParallel(count: number): void
  /** false where this process does not carry out the run. */
  watch(runId: number, port: WatchPort): boolean
  /**
   * Stops all with a checkpoint; resolves when every session has ended (or was killed after a grace of 10 s) and nobody
   * touches the library any more.
   */
  close(): Promise<void>
}

export interface SessionsOptions<WatchPort> {
  library: Library
  launch: LaunchSession<WatchPort>
  /** Something about this run was written. */
  onChange(runId: number): void
  /**
   * A run has left this process; the library may not have been able to take it down yet.
   * @param code  of the error that ended it, if one did
   */
  onEnd?(runId: number, end: QueuedRunEnd, code: ErrorCode | null): void
  /** Sessions at a time; one by default, since one uses all cores. */
  parallel?: number
  /** As they are when a session starts; the defaults where absent. */
  settings?(): SessionSettings
  /** By default the library's own. */
  queue?: RunQueue
}

interface ActiveSession<WatchPort> {
  host: SessionHost<WatchPort>
  /** Snapshots and checkpoints go to disk one after the other, without blocking; settles when all are there. */
  writes: Promise<void>
  isPaused: boolean
}

const heartbeatMs = 2_000
const closeGraceMs = 10_000

/** The supervisor: starts sessions in turn, writes down what they say, and leaves no run without an end. */
export function createSessions<WatchPort>(options: SessionsOptions<WatchPort>): Sessions<WatchPort> {
  const { library, launch, onChange, onEnd, queue = createLibraryQueue(library) } = options
  let parallel = options.parallel ?? 1
  /** Of queued runs that are to compute with another engine than their own choice. */
  const engines = new Map<number, EngineChoice>()
  const active = new Map<number, ActiveSession<WatchPort>>()
  /** Ends that could not be written: the disk was full, or the library busy. */
  const unwritten = new Map<number, QueuedRunEnd>()
  /** Settles, never rejects, when no file is being written, of runs that have ended either. */
  let allWrites: Promise<unknown> = Promise.resolve()
  let whenIdle: (() => void) | null = null

  function beat() {
    try {
      writeEnds()
      const paused = [...active].flatMap(([runId, { isPaused }]) => (isPaused ? [runId] : []))
      for (const { runId, atOnce } of queue.beat(paused)) {
        if (atOnce) endAtOnce(runId)
        else active.get(runId)?.host.post({ type: 'stop' })
      }
      fill()
    } catch {
      // The library is busy or the disk full: the next beat, or the next record, says so.
    }
  }
  const beating = setInterval(beat, heartbeatMs)
  beating.unref()

  function fill() {
    while (active.size < parallel) {
      const runId = queue.claim()
      if (runId === null) break
      begin(runId)
    }
    if (active.size === 0) whenIdle?.()
  }

  function begin(runId: number) {
    try {
      const message = startMessage(
        library,
        runId,
        options.settings?.() ?? defaultSettings,
        engines.get(runId),
      )
      const host = launch(runId)
      const session = { host, writes: Promise.resolve(), isPaused: false }
      active.set(runId, session)
      host.onMessage((message) => receive(runId, session, message))
      host.onExit(({ kind, reason }) =>
        afterWrites(runId, session, () =>
          finish(runId, { status: 'interrupted', outcome: outcomeOfExit[kind], message: reason }),
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
      case 'paused':
      case 'continued':
        session.isPaused = message.type === 'paused'
        return beat()
      case 'ended':
        return afterWrites(runId, session, () => {
          if (message.status === 'finished') removeCheckpoint(library, runId)
          const { status, outcome, error } = message
          finish(runId, { status, outcome, message: error?.message ?? null }, error?.code)
        })
    }
  }

  /** Goes on when the files under way are written, unless the run has ended by then. */
  function afterWrites(runId: number, session: ActiveSession<WatchPort>, next: () => void | Promise<void>) {
    const stands = () => active.get(runId) === session
    session.writes = session.writes
      .then(() => (stands() ? next() : undefined))
      .then(() => (stands() ? onChange(runId) : undefined))
      .catch((error: unknown) => (stands() ? fail(runId, error) : undefined))
    allWrites = Promise.all([allWrites, session.writes])
  }

  function fail(runId: number, error: unknown) {
    const { code, message } = toErrorReply(error)
    finish(runId, { status: 'failed', outcome: null, message }, code)
  }

  function endAtOnce(runId: number) {
    if (active.has(runId)) finish(runId, { status: 'stopped', outcome: 'stopped', message: null })
  }

  /** Ends a run here, once: the first reason stands. */
  function finish(runId: number, end: QueuedRunEnd, code: ErrorCode | null = null) {
    const host = active.get(runId)?.host
    active.delete(runId)
    host?.kill()
    complete(runId, end)
    onEnd?.(runId, end, code)
    onChange(runId)
    fill()
  }

  /** Writes an end down, now or with a later heartbeat. */
  function complete(runId: number, end: QueuedRunEnd) {
    try {
      queue.complete(runId, end)
      unwritten.delete(runId)
    } catch (error) {
      if (canWait(error)) unwritten.set(runId, end)
      else unwritten.delete(runId)
    }
  }

  function writeEnds() {
    for (const [runId, end] of unwritten) {
      complete(runId, end)
      if (!unwritten.has(runId)) onChange(runId)
    }
  }

  function activeHere(runId: number): SessionHost<WatchPort> {
    const session = active.get(runId)
    if (session) return session.host
    throw new LabError('conflict', `Run ${runId} is not trained by this process, which cannot pause it.`)
  }

  return {
    enqueue(runId, engine) {
      if (active.has(runId) || queue.waiting().includes(runId)) {
        throw new LabError('conflict', `Run ${runId} is already running or waiting.`)
      }
      queue.add(runId)
      if (engine) engines.set(runId, engine)
      else engines.delete(runId)
      onChange(runId)
      fill()
    },
    stop(runId) {
      const host = active.get(runId)?.host
      if (host) host.post({ type: 'stop' })
      else if (queue.withdraw(runId)) onChange(runId)
      else requestStop(library, runId)
    },
    stopNow(runId) {
      if (active.has(runId)) endAtOnce(runId)
      else if (queue.withdraw(runId)) onChange(runId)
      else requestStop(library, runId, true)
    },
    pause: (runId) => activeHere(runId).post({ type: 'pause' }),
    continue: (runId) => activeHere(runId).post({ type: 'continue' }),
    move(runId, place) {
      queue.move(runId, place)
      onChange(runId)
    },
    active: () => [...active.keys()],
    queued: () => queue.waiting(),
    parallel: () => parallel,
    setParallel(count) {
      parallel = count
      fill()
    },
    watch(runId, port) {
      active.get(runId)?.host.watch(port)
      return active.has(runId)
    },
    async close() {
      for (const runId of queue.waiting()) this.stop(runId)
      for (const { host } of active.values()) host.post({ type: 'stop' })
      if (active.size > 0) {
        let timer: NodeJS.Timeout | undefined
        const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeGraceMs)))
        await Promise.race([new Promise<void>((resolve) => (whenIdle = resolve)), grace])
        clearTimeout(timer)
      }
      for (const runId of active.keys()) {
        const message = 'The session did not answer and was ended.'
        finish(runId, { status: 'interrupted', outcome: 'killed', message })
      }
      await allWrites
      writeEnds()
      clearInterval(beating)
    },
  }
}

const outcomeOfExit: Record<SessionExit['kind'], Outcome | null> = {
  ended: null,
  failed: null,
  crashed: 'crashed',
  killed: 'killed',
  outOfMemory: 'outOfMemory',
}

/** Whether the library may take tomorrow what it did not take today. */
const canWait = (error: unknown) => ['libraryBusy', 'diskFull'].includes(toErrorReply(error).code)
