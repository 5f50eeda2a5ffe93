import { float32Of } from '../bytes.ts'
import type { Library } from '../library.ts'
import { reading } from '../transaction.ts'

export interface RhoHatRecord {
  iteration: number
  /** Length h. */
  rhoHat: Float32Array
}

/** ρ̂ of every hidden unit at every recorded iteration, ascending; read a few hundred at a time. */
export function* readRhoHats(library: Library, runId: number, pageLength = 256): Generator<RhoHatRecord> {
  const page = (after: number) =>
    reading(library, () =>
      library.db
        .prepare<[number, number, number], { iteration: number; rho_hat: Uint8Array }>(
          `SELECT iteration, rho_hat FROM rho_hats WHERE run_id = ? AND iteration > ? ORDER BY iteration LIMIT ?`,
        )
        .all(runId, after, pageLength),
    )
  let rows = page(-1)
  while (rows.length > 0) {
    for (const row of rows) yield { iteration: row.iteration, rhoHat: float32Of(row.rho_hat) }
    rows = rows.length < pageLength ? [] : page(rows[rows.length - 1].iteration)
  }
}
