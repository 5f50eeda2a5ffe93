import type { Library } from '#db/library.ts'
import { listRuns } from '#db/queries/runs.ts'
import { runsCsv } from '#shared/query/runsCsv.ts'
import { shownRuns, type TableView } from '#shared/query/tableView.ts'
import { writeWhole } from './writeWhole.ts'

/**
 * Writes the runs that a view shows as CSV.
 * @returns the absolute path
 * @throws LabError badInput where it cannot be written there, diskFull
 */
export function writeRunTable(library: Library, view: TableView, target: string): Promise<string> {
  const text = runsCsv(shownRuns(listRuns(library), view), view.columns)
  return writeWhole(target, new TextEncoder().encode(text))
}
