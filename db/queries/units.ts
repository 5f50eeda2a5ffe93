import { partError } from '#shared/domain/storedPart.ts'
import { float32Of } from '../bytes.ts'
import type { Library } from '../library.ts'
import { readPart, weightsOf } from '../storedParts.ts'
import { reading } from '../transaction.ts'

/**
 * ρ̂ of one hidden unit at recorded iterations: for each that is asked for, the nearest one not after it; each once.
 * @param wanted ascending
 */
export function readUnitRhoHat(
  library: Library,
  runId: number,
  unit: number,
  wanted: readonly number[],
): { iteration: Float64Array; rhoHat: Float32Array } {
  return reading(library, () => {
    const one = library.db.prepare<[number, number, number], { iteration: number; value: Uint8Array }>(
      `SELECT iteration, substr(rho_hat, ?, 4) AS value FROM rho_hats
       WHERE run_id = ? AND iteration <= ? ORDER BY iteration DESC LIMIT 1`,
    )
    const found = new Map<number, number>()
    for (const iteration of wanted) {
      const row = one.get(4 * unit + 1, runId, iteration)
      if (row?.value.length === 4) found.set(row.iteration, float32Of(row.value)[0])
    }
    return { iteration: Float64Array.from(found.keys()), rhoHat: Float32Array.from(found.values()) }
  })
}

/** The last recorded iteration of a run; −1 before the first. */
export function lastRecorded(library: Library, runId: number): number {
  return reading(
    library,
    () =>
      library.db
        .prepare<[number], number | null>('SELECT max(iteration) FROM rho_hats WHERE run_id = ?')
        .pluck()
        .get(runId) ?? -1,
  )
}

export interface RunFilters {
  iteration: number
  /** h */
  units: number
  /** h × n row-major */
  W1: Float32Array
}

/**
 * The filters of a run's snapshot nearest to and not after an iteration.
 * @param mostUnits only the first so many, where that is enough: of the file only those bytes are read, unchecked
 * @returns null where there is no snapshot
 * @throws LabError badInput where the blob is damaged
 */
export function readFilters(
  library: Library,
  runId: number,
  iteration = Number.MAX_SAFE_INTEGER,
  mostUnits = Infinity,
): RunFilters | null {
  return reading(library, () => {
    const row = library.db
      .prepare<[number, number], { iteration: number; hash: string; n: number; h: number }>(
        `SELECT iteration, blob_hash AS hash, visible AS n, hidden AS h
         FROM snapshots JOIN runs ON runs.id = run_id JOIN datasets ON datasets.id = dataset_id
         WHERE run_id = ? AND iteration <= ? ORDER BY iteration DESC LIMIT 1`,
      )
      .get(runId, iteration)
    if (!row) return null
    const units = Math.min(row.h, mostUnits)
    // W1 comes first in theta, one row a hidden unit.
    const sizeBytes = 4 * units * row.n
    const part = weightsOf(runId, row.iteration)
    const bytes = readPart(library, row.hash, part, mostUnits < row.h ? sizeBytes : undefined)
    if (bytes.length < sizeBytes) throw partError(part(library), 'damaged')
    return { iteration: row.iteration, units, W1: new Float32Array(bytes.buffer, 0, units * row.n) }
  })
}

/** The newest other runs with weights for patches of the same size and colours, newest first. */
export function listRunsAlike(
  library: Library,
  runId: number,
  limit: number,
): { id: number; name: string; datasetId: number }[] {
  return reading(library, () =>
    library.db
      .prepare<{ runId: number; limit: number }, { id: number; name: string; datasetId: number }>(
        `SELECT runs.id, runs.name, dataset_id AS datasetId FROM runs CROSS JOIN datasets ON datasets.id = dataset_id
         JOIN (SELECT visible, patch_size, channels FROM runs JOIN datasets ON datasets.id = dataset_id
               WHERE runs.id = @runId) AS own
         WHERE runs.id <> @runId AND deleted_at IS NULL AND datasets.visible = own.visible AND datasets.patch_size IS own.patch_size
           AND datasets.channels = own.channels AND EXISTS (SELECT 1 FROM snapshots WHERE run_id = runs.id)
         ORDER BY runs.id DESC LIMIT @limit`,
      )
      .all({ runId, limit }),
  )
}
