import type { Library } from '../library.ts'
import { reading } from '../transaction.ts'

/** A number that differs from the last one if another process or connection has written since. */
export function changeCounter(library: Library): number {
  return library.db.pragma('data_version', { simple: true }) as number
}

/** How much a library holds. */
export function countAll(library: Library): { runs: number; datasets: number } {
  const sql = `SELECT (SELECT count(*) FROM runs WHERE deleted_at IS NULL) AS runs,
    (SELECT count(*) FROM datasets) AS datasets`
  return reading(library, () => library.db.prepare<[], { runs: number; datasets: number }>(sql).all()[0])
}
