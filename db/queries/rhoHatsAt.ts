import { float32Of } from '../bytes.ts'
import type { Library } from '../library.ts'
import { reading } from '../transaction.ts'
import type { RhoHatRecord } from './rhoHats.ts'

/**
 * ρ̂ of every hidden unit at recorded iterations: for each that is asked for, the nearest one not after it; each once.
 * @param wanted ascending
 */
export function readRhoHatsAt(library: Library, runId: number, wanted: readonly number[]): RhoHatRecord[] {
  return reading(library, () => {
    const one = library.db.prepare<[number, number], { iteration: number; rho_hat: Uint8Array }>(
      `SELECT iteration, rho_hat FROM rho_hats WHERE run_id = ? AND iteration <= ? ORDER BY iteration DESC LIMIT 1`,
    )
    const records: RhoHatRecord[] = []
    for (const iteration of wanted) {
      const row = one.get(runId, iteration)
      if (row && row.iteration !== records.at(-1)?.iteration) {
        records.push({ iteration: row.iteration, rhoHat: float32Of(row.rho_hat) })
      }
    }
    return records
  })
}
