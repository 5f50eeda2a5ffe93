import type { Library } from '#db/library.ts'
import type { ErrorCode, ErrorReply } from '#shared/domain/labError.ts'
import type { Parallel, ParallelChoice } from '#shared/domain/queueState.ts'
import type { EngineChoice } from '#shared/domain/runConfig.ts'
import type { RunQueue } from './runQueue.ts'
import type { StoredRunEnd } from './runStore.ts'
import type { LaunchSession } from './sessionHost.ts'
import type { SessionSettings } from './startMessage.ts'

/** What the supervisor of sessions does for the rest of the app. */
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
   * Asks the run's owner, this process or another, to let the processor go; the run keeps its process, its memory and
   * its turn.
   * @throws LabError conflict where nobody carries it out
   */
  pause(runId: number): void
  /** @throws LabError conflict where nobody carries it out */
  continue(runId: number): void
  /** Puts a run that waits here at a place of the queue, from 0. */
  move(runId: number, place: number): void
  /** Runs that this process carries out now, paused ones too. */
  active(): number[]
  /** Runs that wait for their turn here, in their order. */
  queued(): number[]
  /** How many are carried out at a time, and why. */
  parallel(): Parallel
  /** With a lower number nothing is stopped; fewer are started. */
  setParallel(choice: ParallelChoice): void
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
  onEnd?(runId: number, end: StoredRunEnd, code: ErrorCode | null): void
  /** What waits cannot be begun, and why: told once, tried again with every heartbeat. */
  onStuck?(error: ErrorReply): void
  /** Sessions at a time; by default as many as the engines of the runs leave room for. */
  parallel?: ParallelChoice
  /** Of this machine, unless said. */
  cores?: number
  /** As they are when a session starts; the defaults where absent. */
  settings?(): SessionSettings
  /** By default the library's own. */
  queue?: RunQueue
}
