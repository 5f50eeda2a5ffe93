import type { Sparkline } from '#shared/ipc/contract.ts'
import type { Library } from '../library.ts'
import { reading } from '../transaction.ts'

/**
 * The cost of runs at evenly spaced iterations, first and last included: a few look-ups a run, however long it is.
 * Runs without iterations are left out.
 * @param points at most, at least 2
 */
export function readSparklines(library: Library, ids: readonly number[], points = 64): Sparkline[] {
  return reading(library, () => {
    const ends = library.db
      .prepare<{ id: number }, [number | null, number | null]>(
        `SELECT (SELECT min(iteration) FROM iterations WHERE run_id = @id),
           (SELECT max(iteration) FROM iterations WHERE run_id = @id)`,
      )
      .raw()
    const costAt = library.db
      .prepare<[number, number], [number, number | null]>(
        'SELECT iteration, cost FROM iterations WHERE run_id = ? AND iteration <= ? ORDER BY iteration DESC LIMIT 1',
      )
      .raw()
    return ids.flatMap((runId) => {
      const [first, last] = ends.get({ id: runId }) ?? [null, null]
      if (first === null || last === null) return []
      // By iteration, so that gaps (and runs shorter than `points`) yield fewer points, not repeated ones.
      const costs = new Map<number, number>()
      const count = Math.min(points, last - first + 1)
      for (let k = 0; k < count; k++) {
        const iteration = count === 1 ? last : Math.round(first + ((last - first) * k) / (count - 1))
        const found = costAt.get(runId, iteration)
        if (found) costs.set(found[0], found[1] ?? NaN)
      }
      return [{ runId, cost: Float32Array.from(costs.values()) }]
    })
  })
}
