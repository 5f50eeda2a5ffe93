import { median } from '#shared/domain/candidates.ts'
import { valueOf } from '#shared/domain/rankRuns.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import { settingIn, type SweepMeasure, type SweepParameter } from '#shared/domain/sweep.ts'
import type { SettingValue } from '#shared/settings/runSettings.ts'

/** The runs of a sweep by two of its settings. */
export interface SettingTable {
  columns: SettingValue[]
  rows: SettingValue[]
  /** rows × columns, row-major: the runs of each cell. */
  cells: RunSummary[][]
}

const collator = new Intl.Collator('en', { numeric: true })
const inOrder = (values: Iterable<SettingValue>): SettingValue[] =>
  [...new Set(values)].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b)),
  )

/** Columns ascend to the right, rows upwards, as on axes. */
export function settingTable(
  runs: readonly RunSummary[],
  x: SweepParameter,
  y: SweepParameter | null,
): SettingTable {
  const columns = inOrder(runs.map((run) => settingIn(run, x)))
  const rows = y === null ? [''] : inOrder(runs.map((run) => settingIn(run, y))).toReversed()
  const cells = rows.flatMap((row) =>
    columns.map((column) =>
      runs.filter((run) => settingIn(run, x) === column && (y === null || settingIn(run, y) === row)),
    ),
  )
  return { columns, rows, cells }
}

/** The median of a measure over the runs that have one: over seeds, and over settings that are not shown. */
export function medianOf(runs: readonly RunSummary[], measure: SweepMeasure): number | null {
  return median(runs.map((run) => valueOf(run, measure)).filter((value) => value !== null))
}

/** Runs that are at an end and have a value, in the order in which they ended. */
export const endedInOrder = (runs: readonly RunSummary[], measure: SweepMeasure): RunSummary[] =>
  runs
    .filter((run) => run.endedAt !== null && run.status !== 'failed' && valueOf(run, measure) !== null)
    .toSorted((a, b) => a.endedAt!.localeCompare(b.endedAt!) || a.id - b.id)

/** When each of these runs ended, ms since the first run of the sweep started. */
export function endTimes(ended: readonly RunSummary[], runs: readonly RunSummary[]): Float64Array {
  const starts = runs.flatMap(({ startedAt }) => (startedAt === null ? [] : [Date.parse(startedAt)]))
  const first = Math.min(...starts)
  return Float64Array.from(ended, ({ endedAt }) => Date.parse(endedAt!) - first)
}
