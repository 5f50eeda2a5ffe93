import type { RunSummary } from '../domain/run.ts'
import { csvLine, type CsvCell } from '../text/csvLine.ts'
import { engineOfRun } from '../domain/runNames.ts'
import { columnOf, ofSettingColumns, usedValue } from '../domain/usedSettings.ts'
import type { ColumnKey } from './tableView.ts'

/** Values for programs: numbers in full, times as ISO 8601. The curve has no column: series are exported by run. */
const cellsOf: Record<ColumnKey, Readonly<Record<string, (run: RunSummary) => CsvCell>>> = {
  name: { name: (run) => run.name },
  status: { status: (run) => run.status },
  dataset: { dataset: (run) => run.datasetName },
  preset: { preset: (run) => run.preset },
  ...ofSettingColumns((key) => ({
    [columnOf(key)]: (run: RunSummary) => (key === 'engine' ? engineOfRun(run) : usedValue(run, key)),
  })),
  sparkline: {},
  cost: { cost: (run) => run.cost },
  reconstruction: { reconstruction: (run) => run.reconstruction },
  weightDecay: { weightDecay: (run) => run.weightDecay },
  sparsity: { sparsity: (run) => run.sparsity },
  validation: { validation: (run) => run.validation },
  rhoHat: {
    rhoHatMin: (run) => run.rhoHat?.min ?? null,
    rhoHatMean: (run) => run.rhoHat?.mean ?? null,
    rhoHatMax: (run) => run.rhoHat?.max ?? null,
  },
  dead: { deadUnits: (run) => run.deadUnits },
  iterations: { iterations: (run) => run.iterations },
  time: { elapsedMs: (run) => run.elapsedMs },
  age: { createdAt: (run) => run.createdAt },
  tags: { tags: (run) => run.tags.join('; ') },
}

/**
 * Runs as CSV (RFC 4180, with a head): the id, the columns in order, and the status in any case.
 * @returns lines end with CR LF, the last one too
 */
export function runsCsv(runs: readonly RunSummary[], columns: readonly ColumnKey[]): string {
  const withStatus = columns.includes('status') ? columns : [...columns, 'status' as const]
  const cells = [
    ['id', (run: RunSummary): CsvCell => run.id] as const,
    ...withStatus.flatMap((column) => Object.entries(cellsOf[column])),
  ]
  const lines = runs.map((run) => csvLine(cells.map(([, cellOf]) => cellOf(run))))
  return [csvLine(cells.map(([name]) => name)), ...lines].join('')
}
