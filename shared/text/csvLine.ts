/** What stands in a cell; nothing for null and for what is not a number. */
export type CsvCell = string | number | null | undefined

/**
 * A line of CSV (RFC 4180), the only way that the product writes one. Numbers stand in full. A spreadsheet would compute
 * a text that begins like a formula: it gets an apostrophe in front, which says that it is text, unless it is a number.
 * @param end  of the line
 */
export const csvLine = (cells: readonly CsvCell[], end: '\r\n' | '\n' = '\r\n'): string =>
  cells.map(field).join(',') + end

function field(cell: CsvCell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return Number.isNaN(cell) ? '' : String(cell)
  const text = isFormula(cell) ? `'${cell}` : cell
  // A semicolon parts cells where a comma stands in numbers.
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Also in the full width in which East Asian keyboards write them. */
const isFormula = (text: string): boolean => /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !isNumber(text)

const isNumber = (text: string): boolean => Number.isFinite(Number(text)) && text.trim() !== ''
