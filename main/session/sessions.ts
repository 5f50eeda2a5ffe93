import { requestPause } from '#db/queries/queue.ts'
import { getRun } from '#db/queries/runs.ts'
import { requestStop } from '#db/queries/runStates.ts'
import { defaultSettings } from '#shared/domain/settings.ts'
import { LabError, toErrorReply, type ErrorCode } from '#shared/domain/labError.ts'
import type { Outcome } from '#shared/domain/run.ts'
import type { EngineChoice } from '#shared/domain/runConfig.ts'
import { createParallelLimit } from './parallelLimit.ts'
import type { FromSession } from './protocol.ts'
import { canWait, createRunEnds } from './runEnds.ts'
import { createLibraryQueue, type ClaimedRun } from './runQueue.ts'
import type { RunStore, StoredRunEnd } from './runStore.ts'
import type { SessionExit } from './sessionExit.ts'
import type { SessionHost } from './sessionHost.ts'
import { startMessage } from './startMessage.ts'
import type { Sessions, SessionsOptions } from './supervisor.ts'

interface ActiveSession<WatchPort> {
  host: SessionHost<WatchPort>
  store: RunStore
  engine: EngineChoice
  /** Snapshots and checkpoints go to disk one after the other, without blocking; settles when all are there. */
  writes: Promise<void>
  isPaused: boolean
}

const heartbeatMs = 2_000
const closeGraceMs = 10_000

/** The supervisor: starts sessions in turn, writes down what they say, and leaves no run without an end. */
export function createSessions<WatchPort>(options: SessionsOptions<WatchPort>): Sessions<WatchPort> {
  const { library, launch, onChange, onEnd, onStuck, queue = createLibraryQueue(library) } = options
  const settings = options.settings ?? (() => defaultSettings)
  /** Of queued runs that are to compute with another engine than their own choice. */
  const engines = new Map<number, EngineChoice>()
  const active = new Map<number, ActiveSession<WatchPort>>()
  const ends = createRunEnds(onChange)
  const limit = createParallelLimit({
    choice: options.parallel ?? 'auto',
    cores: options.cores,
    engines() {
      const next = queue.waiting().slice(0, 1).map(engineOf)
      const engines = [...[...active.values()].map(({ engine }) => engine), ...next]
      return engines.length > 0 ? engines : [settings().engine]
    },
  })
  /** Settles, never rejects, when no file is being written, of runs that have ended either. */
  let allWrites: Promise<unknown> = Promise.resolve()
  let whenIdle: (() => void) | null = null
  let isClosing = false
  /** Why what waits cannot be begun, as it was told. */
  let obstacle: string | null = null

  function beat() {
    try {
      ends.writeAll()
      const paused = [...active].flatMap(([runId, { isPaused }]) => (isPaused ? [runId] : []))
      const { requests, lost } = queue.beat(paused)
      for (const { runId, message } of lost) {
        if (active.has(runId)) fail(runId, new LabError('lostRun', message))
      }
      for (const { runId, order } of requests) {
        if (order === 'stopNow') endAtOnce(runId)
        else active.get(runId)?.host.post({ type: order })
      }
      fill()
    } catch {
      // The library is busy or the disk full: the next beat, or the next record, says so.
    }
  }
  // Keeps the process until `close`: what waits, for its turn or for the library, is tried again with every beat.
  const beating = setInterval(beat, heartbeatMs)

  function fill() {
    while (!isClosing && active.size < limit.current().count) {
      const claimed = claim()
      if (claimed === null) break
      begin(claimed)
    }
    if (active.size === 0) whenIdle?.()
  }

  function claim(): ClaimedRun | null {
    const waited = queue.waiting()
    try {
      const claimed = queue.claim()
      obstacle = null
      const waiting = new Set(queue.waiting())
      // Stopped, taken or removed by others.
      for (const runId of waited) if (runId !== claimed?.runId && !waiting.has(runId)) onChange(runId)
      return claimed
    } catch (error) {
      const reply = toErrorReply(error)
      if (reply.message !== obstacle) onStuck?.(reply)
      obstacle = reply.message
      return null
    }
  }

  function engineOf(runId: number): EngineChoice {
    try {
      return engines.get(runId) ?? getRun(library, runId).config.engine
    } catch {
      // Removed meanwhile, or the library is busy: claiming it will tell.
      return 'auto'
    }
  }

  function begin(claimed: ClaimedRun) {
    const { runId, store } = claimed
    try {
      const message = startMessage(library, claimed, settings(), engines.get(runId))
      const host = launch(runId)
      const { engine } = message.config
      const session = { host, store, engine, writes: Promise.resolve(), isPaused: false }
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
      fail(runId, error, store)
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
    const { store } = session
    switch (message.type) {
      case 'engine':
        return store.describe(message.engine, message.versions)
      case 'iterations':
        return store.append(message.records)
      case 'snapshot':
        return afterWrites(runId, session, () =>
          store.snapshot(message.iteration, message.theta, message.rhoHat),
        )
      case 'checkpoint':
        return afterWrites(runId, session, () => store.checkpoint(message.iteration, message.bytes))
      case 'paused':
      case 'continued':
        session.isPaused = message.type === 'paused'
        return beat()
      case 'ended':
        return afterWrites(runId, session, () => {
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

  function fail(runId: number, error: unknown, store?: RunStore) {
    const { code, message } = toErrorReply(error)
    finish(runId, { status: 'failed', outcome: null, message }, code, store)
  }

  function endAtOnce(runId: number) {
    if (active.has(runId)) finish(runId, { status: 'stopped', outcome: 'stopped', message: null })
  }

  /** Ends a run here, once: the first reason stands. @param store  of one whose session could not be begun */
  function finish(
    runId: number,
    end: StoredRunEnd,
    code: ErrorCode | null = null,
    store = active.get(runId)?.store,
  ) {
    const host = active.get(runId)?.host
    active.delete(runId)
    host?.kill()
    // A run that was lost has its end, or will have it, from others.
    if (store && code !== 'lostRun') ends.write(runId, store, end)
    onEnd?.(runId, end, code)
    onChange(runId)
    fill()
  }

  /** Before the process ends; where the library cannot take it down, others see that this queue is gone. */
  function takeOut(runId: number): void {
    try {
      if (queue.withdraw(runId)) onChange(runId)
    } catch (error) {
      if (!canWait(error)) throw error
    }
  }

  function setPaused(runId: number, isPaused: boolean): void {
    const host = active.get(runId)?.host
    if (host) host.post({ type: isPaused ? 'pause' : 'continue' })
    else requestPause(library, runId, isPaused)
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
    pause: (runId) => setPaused(runId, true),
    continue: (runId) => setPaused(runId, false),
    move(runId, place) {
      queue.move(runId, place)
      onChange(runId)
    },
    active: () => [...active.keys()],
    queued: () => queue.waiting(),
    parallel: limit.current,
    setParallel(choice) {
      limit.choose(choice)
      fill()
    },
    watch(runId, port) {
      active.get(runId)?.host.watch(port)
      return active.has(runId)
    },
    async close() {
      isClosing = true
      for (const runId of queue.waiting()) takeOut(runId)
      for (const { host } of active.values()) host.post({ type: 'stop' })
      if (active.size > 0) {
        let timer: NodeJS.Timeout | undefined
        const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeGraceMs)))
        await Promise.race([new Promise<void>((resolve) => (whenIdle = resolve)), grace])
        clearTimeout(timer)
      }
      // What is on its way to the disk is kept before the run is given up.
      await Promise.all([...active.values()].map(({ writes }) => writes))
      for (const runId of active.keys()) {
        const message = 'The session did not answer and was ended.'
        finish(runId, { status: 'interrupted', outcome: 'killed', message })
      }
      await allWrites
      ends.writeAll()
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
