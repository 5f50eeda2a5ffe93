import type { RunChanges, RunPage } from '#shared/ipc/contract.ts'
import { packRuns, type PackedRuns } from '#shared/ipc/packedRuns.ts'
import type { Library } from '../library.ts'
import { reading } from '../transaction.ts'
import { summaryColumns } from './runRows.ts'

/** Enough for any screen, so that one sees runs before all of them are there. */
const firstLength = 200
const pageLength = 1_000

/** Some runs, newest first, from before a run; read in pages, they keep no process for long. */
export function readRunPage(
  library: Library,
  beforeId: number | null,
  length = beforeId === null ? firstLength : pageLength,
): RunPage {
  return reading(library, () => {
    const { rows, ids } = select(
      library,
      'WHERE deleted_at IS NULL AND runs.id < ? ORDER BY runs.id DESC LIMIT ?',
      [beforeId ?? Number.MAX_SAFE_INTEGER, length],
    )
    return { revision: revisionOf(library), rows, next: ids.length < length ? null : (ids.at(-1) ?? null) }
  })
}

/** What has changed since a revision, by whichever process. */
export function readRunChanges(library: Library, since: number): RunChanges {
  return reading(library, () => ({
    revision: revisionOf(library),
    rows: select(library, 'WHERE runs.revision > ? AND deleted_at IS NULL', [since]).rows,
    removed: library.db
      .prepare<{ since: number }, number>(
        `SELECT id FROM runs WHERE revision > @since AND deleted_at IS NOT NULL
         UNION ALL SELECT run_id FROM removed_runs WHERE revision > @since`,
      )
      .pluck()
      .all({ since }),
  }))
}

function select(
  library: Library,
  where: string,
  values: readonly number[],
): { rows: PackedRuns; ids: number[] } {
  // CROSS keeps runs outermost: in the order of their ids they need no sorting.
  const statement = library.db
    .prepare<number[], unknown[]>(
      `SELECT ${summaryColumns} FROM runs CROSS JOIN datasets ON datasets.id = dataset_id ${where}`,
    )
    .raw()
  const rows = statement.all(...values)
  const columns = statement.columns().map(({ name }) => name)
  const idAt = columns.indexOf('id')
  return { rows: packRuns({ columns, rows }), ids: rows.map((row) => Number(row[idAt])) }
}

const revisionOf = (library: Library): number =>
  library.db.prepare<[], number>('SELECT revision FROM library').pluck().get() ?? 0
