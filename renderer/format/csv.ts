/** Columns of numbers or words under their names. */
export interface NamedColumns {
  head: readonly string[]
  columns: readonly ArrayLike<number | string>[]
}

/** As CSV (RFC 4180), every number in full; what is not a number is left empty. */
export function formatCsv({ head, columns }: NamedColumns): string {
  const rows = Math.max(0, ...columns.map(({ length }) => length))
  const lines = [head.map(field).join(',')]
  for (let i = 0; i < rows; i++) lines.push(columns.map((column) => field(column[i])).join(','))
  return `${lines.join('\r\n')}\r\n`
}

function field(value: number | string | undefined): string {
  if (value === undefined || Number.isNaN(value)) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
