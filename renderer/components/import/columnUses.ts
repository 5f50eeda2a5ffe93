import { withoutOptions } from '../../format/dataset.ts'
import type { ArrayChoice, TableColumn, TableLook } from '#shared/domain/datasetSource.ts'

export type ColumnUse = TableColumn['use']

export const useNames: Record<ColumnUse, string> = { value: 'Value', label: 'Labels', dropped: 'Left out' }

/** Columns that a dialog has room for. */
const mostShown = 8

/** The first columns, and those that are no values, wherever they stand. */
export function shownColumns(uses: readonly ColumnUse[]): number[] {
  const others = uses.flatMap((use, c) => (use === 'value' ? [] : [c])).slice(0, mostShown / 2)
  const first = uses.map((_, c) => c).filter((c) => !others.includes(c))
  return [...others, ...first.slice(0, mostShown - others.length)].toSorted((a, b) => a - b)
}

export const columnName = ({ columns }: TableLook, c: number): string => columns[c].name || `Column ${c + 1}`

/** One column is taken for labels at most: another one becomes a value again. */
export const withUse = (uses: readonly ColumnUse[], column: number, use: ColumnUse): ColumnUse[] =>
  uses.map((one, c) => (c === column ? use : use === 'label' && one === 'label' ? 'value' : one))

const isAsProposed = ({ columns }: TableLook, uses: readonly ColumnUse[]): boolean =>
  columns.every(({ use }, c) => use === uses[c])

/** What was said of the columns as they were proposed; nothing once they are used otherwise. */
export const remarksOn = (table: TableLook, uses: readonly ColumnUse[]): string[] =>
  isAsProposed(table, uses) ? table.remarks.map(withoutOptions) : []

/** What main is asked for: nothing where all is as it was proposed. Columns by number, which no name can be taken for. */
export function columnChoice(
  table: TableLook,
  uses: readonly ColumnUse[],
): Pick<ArrayChoice, 'labelColumn' | 'dropColumns'> {
  if (isAsProposed(table, uses)) return {}
  const label = uses.indexOf('label')
  const dropped = uses.flatMap((use, c) => (use === 'dropped' ? [`#${c + 1}`] : []))
  return { labelColumn: label < 0 ? 'none' : `#${label + 1}`, dropColumns: ['none', ...dropped] }
}
