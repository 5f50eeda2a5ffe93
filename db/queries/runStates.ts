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
import { isGone, ownerOfClaim } from '../owner.ts'
import { reading, writing } from '../transaction.ts'
import { freeBlobs } from '../blobRows.ts'
import { dropCheckpoint } from './checkpoints.ts'
import { refuseRunWithoutPatches } from './datasetCards.ts'
import { refuseStranger } from './ownership.ts'
import { gone, statusOf } from './runEdits.ts'

const staleAfterDefaultMs = 15_000

/**
 * Makes `owner` the one who carries out a run, and the run `running`. Of several who try, one succeeds.
 * @param owner names the process and this claim (see claimName), the same in every heartbeat and write
 * @throws LabError notFound; conflict where the run is running or finished, or waits in another's queue
 */
export function claimRun(library: Library, id: number, owner: string, now: Moment): void {
  writing(library, () => {
    refuseDeleted(library, id)
    // A paused run goes on by its owner's word alone.
    if (statusOf(library, id) === 'paused') throw new LabError('conflict', refusal(id, 'paused', 'running'))
    refuseOthersQueue(library, id, ownerOfClaim(owner))
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
    refuseDeleted(library, id)
    refuseRunWithoutPatches(library, id)
    if (statusOf(library, id) !== 'queued') move(library, id, 'queued')
    else refuseOthersQueue(library, id, owner)
    library.db
      .prepare(
        `UPDATE runs SET owner = @owner, heartbeat_at = @now, turn = @turn, outcome = NULL, message = NULL,
           ended_at = NULL
         WHERE id = @id`,
      )
      .run({ id, owner, now: now.clockMs, turn })
  })
}

/**
 * Records what really computes.
 * @param owner who carries the run out; left out by whoever brings a run in
 * @throws LabError notFound; lostRun where it is not that owner's any more
 */
export function setEngine(
  library: Library,
  id: number,
  engine: EngineDescription,
  engineVersions: Record<string, string>,
  owner?: string,
): void {
  writing(library, () => {
    refuseStranger(library, id, owner)
    library.db
      .prepare('UPDATE runs SET engine = ?, engine_versions = ? WHERE id = ?')
      .run(JSON.stringify(engine), JSON.stringify(engineVersions), id)
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
 * Ends a run, and its ownership; one that has finished needs no checkpoint any more. A run that others took for dead,
 * and that nobody claimed, ends like a running one.
 * @throws LabError notFound; conflict where it is not running (or queued); lostRun where it is not `owner`'s any more
 */
export function endRun(library: Library, id: number, end: RunEnd): void {
  const { status, outcome, message, now, owner } = end
  const freed = writing(library, () => {
    refuseStranger(library, id, owner)
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
    return status === 'finished' ? dropCheckpoint(library, id) : null
  })
  if (freed !== null) freeBlobs(library, [freed])
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

/** Nobody trains what is in the trash. Inside a transaction. */
function refuseDeleted(library: Library, id: number): void {
  const isDeleted = library.db.prepare('SELECT 1 FROM runs WHERE id = ? AND deleted_at IS NOT NULL').get(id)
  if (isDeleted) throw gone(id)
}

/** A run waits in one queue, and its turn comes there. Inside a transaction. */
function refuseOthersQueue(library: Library, id: number, owner: string): void {
  const other = library.db
    .prepare<[number, string], 1>(
      `SELECT 1 FROM runs WHERE id = ? AND status = 'queued' AND owner IS NOT NULL AND owner <> ?`,
    )
    .get(id, owner)
  if (other) throw new LabError('conflict', `Run ${id} waits in the queue of another process.`)
}
