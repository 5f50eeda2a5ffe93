import type { RunSummary } from '../domain/run.ts'
import { csvLine, type CsvCell } from '../text/csvLine.ts'
import { engineOfRun } from '../domain/runNames.ts'
import type { ColumnKey } from './tableView.ts'

/** Values for programs: numbers in full, times as ISO 8601. The curve has no column: series are exported by run. */
const cellsOf: Record<ColumnKey, Readonly<Record<string, (run: RunSummary) => CsvCell>>> = {
  name: { name: (run) => run.name },
  status: { status: (run) => run.status },
  dataset: { dataset: (run) => run.datasetName },
  preset: { preset: (run) => run.preset },
  hidden: { hidden: (run) => run.config.hidden },
  rho: { rho: (run) => run.config.rho },
  lambda: { lambda: (run) => run.config.lambda },
  beta: { beta: (run) => run.config.beta },
  activation: { activation: (run) => run.config.activation },
  decoder: { decoder: (run) => run.config.decoder },
  optimiser: { optimiser: (run) => run.config.optimiser },
  seed: { seed: (run) => run.config.seed },
  engine: { engine: (run) => engineOfRun(run) },
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
