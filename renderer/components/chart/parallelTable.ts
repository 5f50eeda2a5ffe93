import { doesVary, type ParallelColumn } from '../../charts/parallelAxis.ts'
import type { NamedColumns } from '../../format/csv.ts'
import { noValue } from '../../format/number.ts'
import type { ChartNumbers } from './chartNumbers.ts'
import type { ParallelRow } from './parallelRow.ts'

/** A row a run, with what differs between them: what parallel coordinates and dots show. */
export function parallelTable(
  rows: readonly ParallelRow[],
  columns: readonly ParallelColumn[],
): ChartNumbers {
  const shown = columns.filter(doesVary)
  return {
    head: ['Run', ...shown.map(({ name }) => name)],
    rows: rows.map(({ name, letter }, row) => [
      letter === undefined ? name : `${letter} ${name}`,
      ...shown.map(({ values, format }) => {
        const value = values[row]
        if (value === null) return noValue
        return typeof value === 'number' && format ? format(value) : String(value)
      }),
    ]),
  }
}

/** The same in full, the letter of a compared run by itself; empty where a run has no value. */
export function parallelNumbers(
  rows: readonly ParallelRow[],
  columns: readonly ParallelColumn[],
): NamedColumns {
  const shown = columns.filter(doesVary)
  return {
    head: ['letter', 'run', ...shown.map(({ name }) => name)],
    columns: [
      rows.map(({ letter = '' }) => letter),
      rows.map(({ name }) => name),
      ...shown.map(({ values }) => values.map((value) => value ?? '')),
    ],
  }
}
