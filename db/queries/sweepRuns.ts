import { storedJson } from '#shared/domain/storedJson.ts'
import type { RunStatus } from '#shared/domain/run.ts'
import { wholeConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import type { SweepMeasure } from '#shared/domain/sweep.ts'
import type { Library } from '../library.ts'
import { reading, writing } from '../transaction.ts'

/** A run as its sweep follows it. */
export interface SweepRun {
  id: number
  name: string
  status: RunStatus
  iterations: number
  stopAfter: number | null
  message: string | null
  datasetId: number
  config: RunConfig
}

type SweepRunRow = Omit<SweepRun, 'config'> & { config: string }

/** The runs of a sweep, in the order of its plan. */
export function listSweepRuns(library: Library, sweepId: number): SweepRun[] {
  const rows = reading(library, () =>
    library.db
      .prepare<[number], SweepRunRow>(
        `SELECT id, name, status, iterations, stop_after AS stopAfter, message,
           dataset_id AS datasetId, config
         FROM runs WHERE sweep_id = ? AND deleted_at IS NULL ORDER BY id`,
      )
      .all(sweepId),
  )
  return rows.map((row) => ({ ...row, config: wholeConfig(storedJson<Partial<RunConfig>>(row.config)) }))
}

/** A run's measure at an iteration, or at its last one before it; null for none, or NaN. */
export function measureAt(
  library: Library,
  runId: number,
  measure: SweepMeasure,
  iteration: number,
): number | null {
  // One of three names of ours; a column cannot be bound.
  const sql = `SELECT ${measure} FROM iterations WHERE run_id = ? AND iteration <= ? ORDER BY iteration DESC LIMIT 1`
  return (
    reading(library, () =>
      library.db.prepare<[number, number], number | null>(sql).pluck().get(runId, iteration),
    ) ?? null
  )
}

/** The iteration at which a run is to stop and be compared; null where it goes to its end. */
export function stopAfterOf(library: Library, runId: number): number | null {
  return (
    reading(library, () =>
      library.db
        .prepare<[number], number | null>('SELECT stop_after FROM runs WHERE id = ?')
        .pluck()
        .get(runId),
    ) ?? null
  )
}

/** Leaves a run alone that somebody carries out or has in a queue: it is told by whoever put it there. */
export function setStopAfter(library: Library, runId: number, stopAfter: number | null): void {
  writing(library, () =>
    library.db
      .prepare(
        `UPDATE runs SET stop_after = ?
         WHERE id = ? AND status NOT IN ('running', 'paused') AND (status <> 'queued' OR owner IS NULL)`,
      )
      .run(stopAfter, runId),
  )
}

/** Says of a run that its sweep stopped why it did; of any other nothing. */
export function explainStop(library: Library, runId: number, message: string): void {
  writing(library, () =>
    library.db.prepare(`UPDATE runs SET message = ? WHERE id = ? AND status = 'stopped'`).run(message, runId),
  )
}
