import type { Library } from '#db/library.ts'
import { listRuns } from '#db/queries/runs.ts'
import type { Notation } from '#shared/numbers/typedNumber.ts'
import { runsCsv } from '#shared/query/runsCsv.ts'
import { shownRuns, type TableView } from '#shared/query/tableView.ts'
import { writeWhole } from './writeWhole.ts'

/**
 * Writes the runs that a view shows as CSV.
 * @param notation  in which the view's query has its numbers
 * @returns the absolute path
 * @throws LabError badInput where it cannot be written there, diskFull
 */
export function writeRunTable(
  library: Library,
  view: TableView,
  notation: Notation,
  target: string,
  signal?: AbortSignal,
): Promise<string> {
  const text = runsCsv(shownRuns(listRuns(library), view, notation), view.columns)
  return writeWhole(target, new TextEncoder().encode(text), signal)
}
