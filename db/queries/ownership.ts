import { LabError } from '#shared/domain/labError.ts'
import { isUnderWay, type RunStatus } from '#shared/domain/run.ts'
import type { Moment } from '../clock.ts'
import type { Library } from '../library.ts'
import { writing } from '../transaction.ts'
import { gone } from './runEdits.ts'

/** A run that somebody carries out, and the name that it was taken under: another one each time. */
export interface Claim {
  runId: number
  owner: string
}

/** What another process asks of a run's owner; `stop` keeps a checkpoint, `stopNow` does not wait for one. */
export interface RunRequest {
  runId: number
  order: 'stop' | 'stopNow' | 'pause' | 'continue'
}

/** A run that is not its owner's any more. */
export interface LostRun {
  runId: number
  /** Why, one sentence. */
  message: string
}

/**
 * Refuses a write to a run that is not its writer's; inside the transaction that writes. A process that was halted, or
 * whose machine slept, goes on as if nothing had been, and what it then has to say must not land on what others did.
 * @param owner undefined for whoever brings a run in and owns none
 * @throws LabError notFound; lostRun where the run is not that owner's any more
 */
export function refuseStranger(library: Library, runId: number, owner: string | undefined): void {
  const run = ownershipOf(library, runId)
  if (owner === undefined) {
    if (!run) throw gone(runId)
  } else if (run?.owner !== owner) {
    throw new LabError('lostRun', lossOf(runId, run))
  }
}

interface Ownership {
  owner: string | null
  status: RunStatus
  isDeleted: 0 | 1
}

const ownershipOf = (library: Library, runId: number): Ownership | undefined =>
  library.db
    .prepare<[number], Ownership>(
      'SELECT owner, status, deleted_at IS NOT NULL AS isDeleted FROM runs WHERE id = ?',
    )
    .get(runId)

export const removedMeanwhile = (runId: number): string =>
  `Run ${runId} was removed by another process while this one was silent, so its session has ended.`

function lossOf(runId: number, run: Ownership | undefined): string {
  if (!run || run.isDeleted) return removedMeanwhile(runId)
  const mend = isUnderWay(run.status)
    ? 'Follow it there, or stop it and resume it here'
    : `It is ${run.status} now; look at it again`
  return `Run ${runId} was taken over by another process while this one was silent, so its session here has ended. ${mend}.`
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

/** A process's heartbeat: for what waits in its queue, and for each run that it has taken. */
export function beat(
  library: Library,
  owner: string,
  claims: readonly Claim[],
  now: Moment,
  paused: readonly number[],
): { requests: RunRequest[]; lost: LostRun[] } {
  return writing(library, () => {
    const lost = claims.flatMap(({ runId, owner: name }): LostRun[] => {
      const run = ownershipOf(library, runId)
      return run?.owner === name ? [] : [{ runId, message: lossOf(runId, run) }]
    })
    const names = [owner, ...claims.map((claim) => claim.owner)]
    return { requests: names.flatMap((name) => heartbeat(library, name, now, paused)), lost }
  })
}
