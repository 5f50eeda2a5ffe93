import { LabError } from '#shared/domain/labError.ts'
import type { TableColumn } from '#shared/domain/datasetSource.ts'
import { cellsOf, eachCell, unquoted, type Separator } from './textLines.ts'

/** What of a table is meant. */
export interface TableChoice {
  /** Name or number (from 1) of the column with the class of each row; "none" where no column is to be taken so. */
  labelColumn?: string | undefined
  /** Names or numbers of columns that are no values; "none" where none is to be left out unasked. */
  dropColumns?: readonly string[] | undefined
  /** As tables were read before columns were looked at: every column is a value. */
  plain?: boolean | undefined
}

/** How a table is read, found out from its first lines. */
export interface TableShape {
  /** The first line names the columns. */
  hasHeader: boolean
  columns: TableColumn[]
  remarks: string[]
}

/** Lines that are looked at. */
export const lookedAt = 200
/** Of more columns than this none is looked at: nobody has given them meanings. */
const widest = 100_000

function plainShape(line: string, width: number, separator: Separator): TableShape {
  let hasHeader = false
  eachCell(line, separator, (cell) => (hasHeader ||= isWord(unquoted(cell))))
  const column: TableColumn = { name: null, use: 'value', isBoolean: false }
  return { hasHeader, columns: Array.from({ length: width }, () => column), remarks: [] }
}

const labelName = /^(labels?|class(es)?|targets?|category|species|digit|y)$/i
const indexName = /^(|unnamed: \d+|index|\.\.\.1|row_?names?|row\.names|_row)$/i
const counterName = /^(id|row|no|nr|obs|case|sample)$/i

/**
 * Which line and columns of a table are no values: a header (names, or the numbers 0…n−1 as pandas writes them), an
 * index (as pandas and R write it), labels, text.
 * @param lines the first ones that are not empty
 * @param file  what messages call it
 * @throws LabError badInput where a column is asked for that is not there
 */
export function tableShape(
  lines: readonly string[],
  separator: Separator,
  choice: TableChoice,
  file: string,
): TableShape {
  const firstWidth = eachCell(lines[0] ?? '', separator)
  if (firstWidth > widest) return plainShape(lines[0], firstWidth, separator)
  const [first = [], ...rest] = lines.map((line) => cellsOf(line, separator))
  let width = (rest[0] ?? first).length
  // R leaves the name of the row names out.
  const isShort = rest.length > 0 && first.length === width - 1 && namesRows(first, rest, lines[1] ?? '')
  const hasHeader =
    isShort || (first.length === width || first.some(isWord) ? isHeader(first, rest, choice) : false)
  if (!hasHeader) width = first.length
  const rows = (hasHeader ? rest : [first, ...rest]).filter((row) => row.length === width)
  const names = hasHeader ? (isShort ? ['', ...first] : first) : null
  if (hasHeader && !isShort && first.length !== width && rest.length > 0) {
    throw new LabError(
      'badInput',
      `${file} names ${first.length} columns and has ${width} numbers in line 2. Where commas write decimals, write points; else name every column.`,
    )
  }
  const columns = Array.from({ length: names?.length ?? width }, (_, c) =>
    describe(
      names?.[c] ?? null,
      rows.map((row) => row[c] ?? ''),
    ),
  )
  const remarks: string[] = []
  if (hasHeader && first.filter((name) => name !== '').every((name) => /^\d+$/.test(name))) {
    remarks.push('The first line names the columns.')
  }
  decide(columns, rows, choice, { file, remarks, isShort })
  return {
    hasHeader,
    columns: columns.map(({ name, use, isBoolean }) => ({ name, use, isBoolean })),
    remarks,
  }
}

/** Names from the remark above the numbers, as NumPy's savetxt writes a header; the shape as it was where it has none. */
export function namedByRemark(shape: TableShape, remark: string | null, separator: Separator): TableShape {
  const names = remark === null ? [] : cellsOf(remark.replace(/^#\s*/, ''), separator)
  if (shape.hasHeader || names.length !== shape.columns.length || !names.every(isWord)) return shape
  return { ...shape, columns: shape.columns.map((column, c) => ({ ...column, name: names[c] })) }
}

interface Looked extends TableColumn {
  kind: 'number' | 'text' | 'empty'
  cells: string[]
}

function describe(name: string | null, cells: string[]): Looked {
  const filled = cells.filter((cell) => cell !== '')
  const isBoolean = filled.length > 0 && filled.every((cell) => /^(true|false)$/i.test(cell))
  const isTextual = filled.length > 0 && filled.every(isWord)
  const kind = filled.length === 0 && cells.length > 0 ? 'empty' : isTextual && !isBoolean ? 'text' : 'number'
  return { name, use: 'value', isBoolean, kind, cells }
}

function decide(
  columns: Looked[],
  rows: readonly string[][],
  choice: TableChoice,
  { file, remarks, isShort }: { file: string; remarks: string[]; isShort: boolean },
): void {
  const asked = choice.dropColumns ?? []
  const saidOf = (column: Looked) =>
    column.name === null || column.name === ''
      ? `Column ${columns.indexOf(column) + 1}`
      : `Column "${column.name}"`
  if (choice.labelColumn !== undefined && choice.labelColumn !== 'none') {
    findColumn(choice.labelColumn, columns, file).use = 'label'
  }
  for (const column of asked) if (column !== 'none') findColumn(column, columns, file).use = 'dropped'
  if (choice.plain || asked.includes('none')) {
    proposeLabel(columns, rows, choice, saidOf, remarks)
    return
  }
  // A table of text alone is told as such, by the first cell that is no number.
  const hasNumbers = columns.some(({ kind, use }) => kind === 'number' && use === 'value')
  for (const [c, column] of columns.entries()) {
    if (column.use !== 'value' || !hasNumbers) continue
    if (column.kind === 'empty') {
      column.use = 'dropped'
      remarks.push(`${saidOf(column)} is empty and was left out.`)
    } else if (isIndex(column, c, isShort) && columns.length > 1) {
      column.use = 'dropped'
      remarks.push(
        `${saidOf(column)} numbers or names the rows and was left out; --drop-column none keeps it.`,
      )
    }
  }
  proposeLabel(columns, rows, choice, saidOf, remarks)
  for (const column of columns) {
    if (column.use !== 'value' || column.kind !== 'text' || !hasNumbers) continue
    column.use = 'dropped'
    remarks.push(`${saidOf(column)} holds text and was left out.`)
  }
}

function proposeLabel(
  columns: Looked[],
  rows: readonly string[][],
  { labelColumn, plain }: TableChoice,
  saidOf: (column: Looked) => string,
  remarks: string[],
): void {
  if (labelColumn !== undefined || plain) return
  const free = columns.filter(({ use, kind }) => use === 'value' && kind !== 'empty')
  if (free.length < 2) return
  const named = free.filter(
    ({ name, kind, cells }) => labelName.test(name ?? '') && (kind === 'text' || isClass(cells)),
  )
  const texts = free.filter(({ kind, cells }) => kind === 'text' && repeats(cells))
  const found = named.length === 1 ? named[0] : named.length === 0 && texts.length === 1 ? texts[0] : null
  if (found === null || rows.length === 0) return
  if (!free.some((column) => column !== found && column.kind === 'number')) return
  found.use = 'label'
  remarks.push(`${saidOf(found)} was taken as labels; --label-column none keeps it among the values.`)
}

const distinct = (cells: readonly string[]) => new Set(cells).size
const repeats = (cells: readonly string[]) => distinct(cells) <= Math.max(1, cells.length / 2)
/** Whole numbers, few of them different. */
const isClass = (cells: readonly string[]) =>
  cells.every((cell) => /^[+-]?\d+(\.0+)?$/.test(cell)) && distinct(cells) <= Math.max(20, cells.length / 2)

/** Counting up by one, from 0 or 1. */
function countsRows(cells: readonly string[]): boolean {
  const from = Number(cells[0])
  return (
    (from === 0 || from === 1) &&
    cells.every((cell, row) => /^\d+$/.test(cell) && Number(cell) === from + row)
  )
}

function isIndex({ name, kind, cells }: Looked, c: number, isShort: boolean): boolean {
  if (isShort && c === 0) return true
  if (name === null) return c === 0 && cells.length >= 5 && countsRows(cells)
  if (indexName.test(name)) return name !== '' || c === 0
  return counterName.test(name) && kind === 'number' && cells.length >= 2 && countsRows(cells)
}

/** Whether the first cells of lines are names of rows, so that the header, one shorter, names the rest. */
function namesRows(header: readonly string[], rest: readonly string[][], secondLine: string): boolean {
  if (header.length < 2 || !header.some(isWord)) return false
  const cells = rest.map(([cell]) => cell)
  return (
    secondLine.trimStart().startsWith('"') || cells.every(isWord) || (cells.length > 1 && countsRows(cells))
  )
}

function isHeader(first: readonly string[], rest: readonly string[][], { plain }: TableChoice): boolean {
  const hasWord = first.some(isWord)
  if (plain || rest.length === 0) return hasWord
  const below = first.map((_, c) => rest.map((row) => row[c] ?? ''))
  const isNumeric = (cells: readonly string[]) => cells.some((cell) => cell !== '' && !isWord(cell))
  if (first.some((cell, c) => isWord(cell) && isNumeric(below[c]))) return true
  if (first.every((cell) => cell === '' || isWord(cell))) return hasWord
  // A class or a name stands among numbers in every line; numbers that count, as years do, name columns beside it.
  if (hasWord && countsUp(first) && !rest.some(countsUp)) return true
  if (hasWord) return first.some((cell, c) => isWord(cell) && !below[c].some(isWord))
  return isNumbered(first, rest)
}

/** Whether what is no word in a line are whole numbers, each one more than that before. */
function countsUp(cells: readonly string[]): boolean {
  const numbers = cells.filter((cell) => !isWord(cell))
  return (
    numbers.length > 1 &&
    numbers.every((cell, i) => /^\d+$/.test(cell) && (i === 0 || Number(cell) === Number(numbers[i - 1]) + 1))
  )
}

/** The numbers 0…n−1 (or 1…n), which name columns where nothing else does. */
function isNumbered(first: readonly string[], rest: readonly string[][]): boolean {
  const hasCorner = first[0] === ''
  const numbers = hasCorner ? first.slice(1) : first
  if (hasCorner) return numbers.every((cell) => cell !== '')
  if (numbers.length < 3 || !countsRows(numbers)) return false
  // A matrix that counts goes on counting.
  const next = rest[0].map(Number)
  if (next.every((value, c) => c === 0 || value - next[c - 1] === 1)) return false
  return numbers.length >= 8 || rest.some((row) => row.some((cell) => cell.includes('.')))
}

function findColumn(asked: string, columns: readonly Looked[], file: string): Looked {
  // With # in front it is a number, whatever names there are.
  const number = /^#?\d+$/.test(asked) ? Number(asked.replace('#', '')) : 0
  const found = columns.find(({ name }) => name === asked) ?? columns[number - 1]
  if (found) return found
  const names = columns.flatMap(({ name }) => (name === null || name === '' ? [] : [name]))
  const there =
    names.length === 0
      ? `${columns.length} columns`
      : `${names.slice(0, 12).join(', ')}${names.length > 12 ? ` and ${names.length - 12} more` : ''}`
  throw new LabError('badInput', `${file} has no column "${asked}". It has ${there}.`)
}

export const isNotFinite = (text: string) => /^[+-]?(nan|inf|infinity)$/i.test(text)

const isMissing = (text: string) => /^(na|n\/a|null|\?)$/i.test(text)

/** What can only be a name: no number, none as another country writes it, and none that is missing. */
export function isWord(text: string): boolean {
  return (
    text !== '' &&
    Number.isNaN(Number(text)) &&
    !isNotFinite(text) &&
    !isMissing(text) &&
    !/^[\d\s.,+-]+$/.test(text)
  )
}
