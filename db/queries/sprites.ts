import type { Sprite } from '#shared/ipc/contract.ts'
import type { Library } from '../library.ts'
import { reading } from '../transaction.ts'

/**
 * The first filters of runs' newest weights; of each file only those bytes are read.
 * Runs without weights, or whose file is damaged, are left out: one of them must not empty a table.
 * @param count filters of each run, at most
 */
export function readSprites(library: Library, ids: readonly number[], count = 25): Sprite[] {
  return reading(library, () => {
    const newest = library.db.prepare<[number], { hash: string; n: number; h: number }>(
      `SELECT blob_hash AS hash, visible AS n, hidden AS h
       FROM snapshots JOIN runs ON runs.id = run_id JOIN datasets ON datasets.id = dataset_id
       WHERE run_id = ? ORDER BY iteration DESC LIMIT 1`,
    )
    return ids.flatMap((runId) => {
      const found = newest.get(runId)
      if (!found || !library.blobs.has(found.hash)) return []
      const filters = Math.min(count, found.h)
      // W1 comes first in theta, one row a hidden unit.
      const bytes = library.blobs.read(found.hash, 4 * filters * found.n)
      if (bytes.length < 4 * filters * found.n) return []
      return [{ runId, count: filters, filters: new Float32Array(bytes.buffer) }]
    })
  })
}
