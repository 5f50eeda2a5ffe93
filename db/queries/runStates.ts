import { LabError } from '#shared/domain/labError.ts'
import {
  runStatuses,
  transitions,
  type EndedStatus,
  type EngineDescription,
  type Outcome,
  type RunStatus,
} from '#shared/domain/run.ts'
import { momentNow, type Moment } from '../clock.ts'
import type { Library } from '../library.ts'
import { isGone } from '../owner.ts'
import { reading, writing } from '../transaction.ts'
import { refuseRunWithoutPatches } from './datasetCards.ts'
import { gone, statusOf } from './runEdits.ts'

const staleAfterDefaultMs = 15_000

/**
 * Makes `owner` the one who carries out a run, and the run `running`. Of several who try, one succeeds.
 * @param owner names the process, the same in every heartbeat
 * @throws LabError notFound; conflict where the run is running or finished
 */
export function claimRun(library: Library, id: number, owner: string, now: Moment): void {
  writing(library, () => {
    // A paused run goes on by its owner's word alone.
    if (statusOf(library, id) === 'paused') throw new LabError('conflict', refusal(id, 'paused', 'running'))
    move(library, id, 'running')
    library.db
      .prepare(
        `UPDATE runs SET owner = @owner, heartbeat_at = @now, stop_requested = 0, pause_requested = NULL,
           outcome = NULL, message = NULL, started_at = coalesce(started_at, @time), ended_at = NULL
         WHERE id = @id`,
      )
      .run({ id, owner, now: now.clockMs, time: now.date.toISOString() })
  })
}

/**
 * Puts a run into the queue of `owner`, who keeps it alive by its heartbeat until its turn comes.
 * @param turn  orders the runs in that queue
 * @throws LabError notFound; conflict where it is running, finished, or waits in another's queue; badInput where its
 * dataset is here without its patches
 */
export function queueRun(library: Library, id: number, owner: string, now: Moment, turn = 0): void {
  writing(library, () => {
    refuseRunWithoutPatches(library, id)
    if (statusOf(library, id) !== 'queued') move(library, id, 'queued')
    else if (![null, owner].includes(ownerOf(library, id) ?? null)) {
      throw new LabError('conflict', `Run ${id} waits in the queue of another process.`)
    }
    library.db
      .prepare(
        `UPDATE runs SET owner = @owner, heartbeat_at = @now, turn = @turn, outcome = NULL, message = NULL,
           ended_at = NULL
         WHERE id = @id`,
      )
      .run({ id, owner, now: now.clockMs, turn })
  })
}

/** Records what really computes. @throws LabError notFound */
export function setEngine(
  library: Library,
  id: number,
  engine: EngineDescription,
  engineVersions: Record<string, string>,
): void {
  const { changes } = writing(library, () =>
    library.db
      .prepare('UPDATE runs SET engine = ?, engine_versions = ? WHERE id = ?')
      .run(JSON.stringify(engine), JSON.stringify(engineVersions), id),
  )
  if (changes === 0) throw gone(id)
}

/** What another process asks of a run's owner; `stop` keeps a checkpoint, `stopNow` does not wait for one. */
export interface RunRequest {
  runId: number
  order: 'stop' | 'stopNow' | 'pause' | 'continue'
}

/**
 * Says that `owner` is alive, and which of its runs are paused: the others are running. A run of its own that others
 * took for dead meanwhile (the machine slept) is running again, unless somebody else has claimed it.
 * @returns what was asked of its runs and is not done yet
 */
export function heartbeat(
  library: Library,
  owner: string,
  now: Moment,
  paused: readonly number[] = [],
): RunRequest[] {
  return writing(library, () => {
    library.db
      .prepare(
        `UPDATE runs SET heartbeat_at = @now, message = NULL, ended_at = NULL,
           status = CASE WHEN id IN (SELECT value FROM json_each(@paused)) THEN 'paused' ELSE 'running' END,
           pause_requested = nullif(pause_requested, id IN (SELECT value FROM json_each(@paused)))
         WHERE owner = @owner AND status IN ('running', 'paused', 'interrupted')`,
      )
      .run({ owner, now: now.clockMs, paused: JSON.stringify(paused) })
    library.db
      .prepare(`UPDATE runs SET heartbeat_at = @now WHERE owner = @owner AND status = 'queued'`)
      .run({ owner, now: now.clockMs })
    return library.db
      .prepare<[string], RunRequest>(
        `SELECT id AS runId, CASE WHEN stop_requested = 2 THEN 'stopNow' WHEN stop_requested = 1 THEN 'stop'
           WHEN pause_requested = 1 THEN 'pause' ELSE 'continue' END AS "order"
         FROM runs
         WHERE owner = ? AND status IN ('running', 'paused') AND (stop_requested > 0 OR pause_requested IS NOT NULL)
         ORDER BY id`,
      )
      .all(owner)
  })
}

export interface RunEnd {
  status: EndedStatus
  outcome: Outcome | null
  /** One sentence where it failed. */
  message: string | null
  now: Moment
  /** Refuses to end a run that somebody else has claimed meanwhile. */
  owner?: string
}

/**
 * Ends a run, and its ownership. A run that others took for dead, and that nobody claimed, ends like a running one.
 * @throws LabError notFound; conflict where it is not running (or queued), or not `owner`'s any more
 */
export function endRun(library: Library, id: number, end: RunEnd): void {
  const { status, outcome, message, now, owner } = end
  writing(library, () => {
    if (owner !== undefined && ownerOf(library, id) !== owner) {
      throw new LabError('conflict', `Run ${id} is carried out by another process now; this one has lost it.`)
    }
    library.db
      .prepare(
        `UPDATE runs SET status = 'running' WHERE id = ? AND status = 'interrupted' AND owner IS NOT NULL`,
      )
      .run(id)
    move(library, id, status)
    library.db
      .prepare(
        `UPDATE runs SET outcome = @outcome, message = @message, ended_at = @time,
           owner = NULL, heartbeat_at = NULL, stop_requested = 0
         WHERE id = @id`,
      )
      .run({ id, outcome, message, time: now.date.toISOString() })
  })
}

/**
 * Asks a run's owner, whichever process that is, to checkpoint and stop, or to end its session at once; a queued run
 * stops here and now.
 * @throws LabError notFound; conflict where it is not under way
 */
export function requestStop(library: Library, id: number, atOnce = false): void {
  writing(library, () => {
    const status = statusOf(library, id)
    if (status === undefined) throw gone(id)
    if (status === 'queued') {
      endRun(library, id, { status: 'stopped', outcome: 'stopped', message: null, now: momentNow() })
    } else if (status === 'running' || status === 'paused') {
      library.db.prepare('UPDATE runs SET stop_requested = ? WHERE id = ?').run(atOnce ? 2 : 1, id)
    } else {
      throw new LabError('conflict', `Run ${id} is ${status} already; there is nothing to stop.`)
    }
  })
}

/**
 * Marks the runs whose owner is gone or has gone silent. A heartbeat from the future is stale too: the machine was
 * started anew.
 * @returns their ids
 */
export function markInterrupted(library: Library, now: Moment, staleAfterMs = staleAfterDefaultMs): number[] {
  if (library.obstacle !== null) return []
  // Most of the time there is none, and then nobody needs the write lock.
  if (reading(library, () => orphans(library, now, staleAfterMs)).length === 0) return []
  return writing(library, () => {
    const ids = orphans(library, now, staleAfterMs)
    const mark = library.db.prepare(
      `UPDATE runs SET
         message = CASE status
           WHEN 'queued' THEN 'The process in whose queue it waited is gone. Resume it to train it.'
           ELSE 'The process that trained it is gone. Resume it to go on from its last checkpoint.' END,
         owner = CASE status WHEN 'queued' THEN NULL ELSE owner END,
         status = 'interrupted', ended_at = @time
       WHERE id = @id`,
    )
    for (const id of ids) mark.run({ id, time: now.date.toISOString() })
    return ids
  })
}

/** Runs under way that nobody carries out; inside a transaction. */
function orphans(library: Library, now: Moment, staleAfterMs: number): number[] {
  const [clock, time] = [now.clockMs, now.date.getTime()]
  const limits = {
    oldest: clock - staleAfterMs,
    newest: clock + staleAfterMs,
    oldestTime: time - staleAfterMs,
    newestTime: time + staleAfterMs,
  }
  // A run that nobody has queued yet counts from its creation.
  return library.db
    .prepare<typeof limits, { id: number; owner: string | null; isSilent: 0 | 1 }>(
      `SELECT id, owner, heartbeat_at IS NULL AND unixepoch(created_at) * 1000 NOT BETWEEN @oldestTime AND @newestTime
         OR heartbeat_at IS NOT NULL AND heartbeat_at NOT BETWEEN @oldest AND @newest AS isSilent
       FROM runs WHERE status IN ('running', 'paused', 'queued')`,
    )
    .all(limits)
    .filter(({ owner, isSilent }) => isSilent || (owner !== null && isGone(owner)))
    .map(({ id }) => id)
}

/** Changes the status if the transition table allows it; inside a transaction. */
function move(library: Library, id: number, to: RunStatus): void {
  const from = runStatuses.filter((status) => transitions[status].includes(to))
  const { changes } = library.db
    .prepare(`UPDATE runs SET status = ? WHERE id = ? AND status IN (${from.map(() => '?').join(', ')})`)
    .run(to, id, ...from)
  if (changes > 0) return
  const status = statusOf(library, id)
  if (status === undefined) throw gone(id)
  throw new LabError('conflict', refusal(id, status, to))
}

function refusal(id: number, status: RunStatus, to: RunStatus): string {
  if (to !== 'running' && to !== 'queued')
    return `Run ${id} is ${status} and cannot become ${to}; look at it again.`
  if (status === 'finished') return `Run ${id} is finished. Start a new run with more iterations instead.`
  if (status === 'paused') return `Run ${id} is paused. Continue it where it is trained, or stop it first.`
  return `Run ${id} is ${status} already. Wait for it or stop it first.`
}

function ownerOf(library: Library, id: number): string | null | undefined {
  return library.db.prepare<[number], string | null>('SELECT owner FROM runs WHERE id = ?').pluck().get(id)
}
