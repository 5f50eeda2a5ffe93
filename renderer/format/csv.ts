import { csvLine } from '#shared/text/csvLine.ts'

/** Columns of numbers or words under their names. */
export interface NamedColumns {
  head: readonly string[]
  columns: readonly ArrayLike<number | string>[]
}

/** As CSV, every number in full; what is not a number is left empty. */
export function formatCsv({ head, columns }: NamedColumns): string {
  const rows = Math.max(0, ...columns.map(({ length }) => length))
  const lines = [csvLine(head)]
  for (let i = 0; i < rows; i++) lines.push(csvLine(columns.map((column) => column[i])))
  return lines.join('')
}
