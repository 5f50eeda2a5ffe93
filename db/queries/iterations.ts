import type { IterationColumns, IterationRecord } from '#shared/domain/run.ts'
import { rhoHatSpread } from '#shared/model/rhoHat.ts'
import { freeBlobs } from '../blobRows.ts'
import { bytesOf, float32Of } from '../bytes.ts'
import type { Library } from '../library.ts'
import { reading, writing } from '../transaction.ts'
import { refuseStranger } from './ownership.ts'
import { summariseRun } from './summariseRun.ts'

export { readSparklines } from './sparklines.ts'

/** Columns of a chart, in the order of the table. */
export const iterationColumns = {
  iteration: 'iteration',
  cost: 'cost',
  reconstruction: 'reconstruction',
  weightDecay: 'weight_decay',
  sparsity: 'sparsity',
  validation: 'validation',
  gradientNorm: 'gradient_norm',
  stepLength: 'step_length',
  evaluations: 'evaluations',
  elapsedMs: 'elapsed_ms',
  rhoHatMin: 'rho_hat_min',
  rhoHatLower: 'rho_hat_lower',
  rhoHatMedian: 'rho_hat_median',
  rhoHatUpper: 'rho_hat_upper',
  rhoHatMax: 'rho_hat_max',
  rhoHatMean: 'rho_hat_mean',
} as const satisfies Record<Exclude<keyof IterationColumns, 'count'>, string>
type Column = keyof typeof iterationColumns
const columnNames = Object.keys(iterationColumns) as Column[]

/**
 * Adds iterations to a run and brings its summary up to date, in one transaction.
 * An iteration that is there already is overwritten.
 * @param owner who carries the run out; left out by whoever brings a run in
 * @throws LabError notFound; lostRun where it is not that owner's any more
 */
export function appendIterations(
  library: Library,
  runId: number,
  records: readonly IterationRecord[],
  owner?: string,
): void {
  if (records.length === 0) return
  const names = Object.values(iterationColumns)
  writing(library, () => {
    refuseStranger(library, runId, owner)
    const insert = library.db.prepare(
      `INSERT OR REPLACE INTO iterations (run_id, ${names.join(', ')}) VALUES (?, ${names.map(() => '?').join(', ')})`,
    )
    const insertRhoHat = library.db.prepare(
      'INSERT OR REPLACE INTO rho_hats (run_id, iteration, rho_hat) VALUES (?, ?, ?)',
    )
    for (const record of records) {
      const values = rowOf(record)
      insert.run(runId, ...columnNames.map((column) => values[column]))
      insertRhoHat.run(runId, record.iteration, bytesOf(record.rhoHat))
    }
    summariseRun(library, runId)
  })
}

function rowOf({ rhoHat, ...record }: IterationRecord): Record<Column, number | null> {
  const { min, lower, median, upper, max, mean } = rhoHatSpread(rhoHat)
  return {
    ...record,
    rhoHatMin: min,
    rhoHatLower: lower,
    rhoHatMedian: median,
    rhoHatUpper: upper,
    rhoHatMax: max,
    rhoHatMean: mean,
  }
}

/**
 * Forgets what a run recorded after an iteration, snapshots too: a resumed run goes on from its checkpoint.
 * @throws LabError notFound; lostRun where it is not `owner`'s any more
 */
export function truncateIterations(
  library: Library,
  runId: number,
  afterIteration: number,
  owner?: string,
): void {
  const hashes = writing(library, () => {
    refuseStranger(library, runId, owner)
    const after = { runId, afterIteration }
    const where = 'run_id = @runId AND iteration > @afterIteration'
    const blobs = library.db
      .prepare<typeof after, string>(`SELECT blob_hash FROM snapshots WHERE ${where}`)
      .pluck()
      .all(after)
    for (const table of ['iterations', 'rho_hats', 'snapshots']) {
      library.db.prepare(`DELETE FROM ${table} WHERE ${where}`).run(after)
    }
    summariseRun(library, runId)
    return blobs
  })
  if (hashes.length > 0) freeBlobs(library, hashes)
}

/**
 * A run's iterations as columns, ascending.
 * @param afterIteration −1 for all
 * @param most           rows; −1 for all
 */
export function readSeries(
  library: Library,
  runId: number,
  afterIteration: number,
  most = -1,
): IterationColumns {
  const rows = reading(library, () =>
    library.db
      .prepare<[number, number, number], (number | null)[]>(
        `SELECT ${Object.values(iterationColumns).join(', ')} FROM iterations
         WHERE run_id = ? AND iteration > ? ORDER BY iteration LIMIT ?`,
      )
      .raw()
      .all(runId, afterIteration, most),
  )
  // SQLite keeps NaN as NULL.
  const column = (at: number) => Float64Array.from(rows, (row) => row[at] ?? NaN)
  const series = Object.fromEntries(columnNames.map((name, at) => [name, column(at)])) as Record<
    Column,
    Float64Array
  >
  return { count: rows.length, ...series }
}

/** ρ̂ of every hidden unit at the recorded iteration nearest to and not after `iteration`. */
export function readRhoHat(
  library: Library,
  runId: number,
  iteration: number,
): { iteration: number; rhoHat: Float32Array } | null {
  const row = reading(library, () =>
    library.db
      .prepare<[number, number], { iteration: number; rho_hat: Uint8Array }>(
        `SELECT iteration, rho_hat FROM rho_hats WHERE run_id = ? AND iteration <= ? ORDER BY iteration DESC LIMIT 1`,
      )
      .get(runId, iteration),
  )
  return row ? { iteration: row.iteration, rhoHat: float32Of(row.rho_hat) } : null
}
