import { basename } from 'node:path'
import type { TableColumn, TableLook } from '#shared/domain/datasetSource.ts'
import { LabError } from '#shared/domain/labError.ts'
import { stopIfAborted } from '../stopIfAborted.ts'
import { patchGeometry, type PatchMatrix } from './arrayData.ts'
import { sampleRemark, type RowSampling } from './chooseRows.ts'
import { openPieces } from './filePieces.ts'
import { createRowStore, type RowStore } from './rowStore.ts'
import type { ReadArrayOptions } from './storedArray.ts'
import {
  isNotFinite,
  lookedAt,
  namedByRemark,
  tableShape,
  type TableChoice,
  type TableShape,
} from './tableShape.ts'
import { textEncoding, textStart } from './textEncoding.ts'
import { cellsOf, createTextLines, eachCell, separatorOf, unquoted, type Separator } from './textLines.ts'

const longestLine = 2 ** 24
// A few kilobytes of gzip can hold gigabytes of blank lines: so much text may stand beside the numbers, and for each.
const spareText = 2 ** 26
const textPerValue = 64
/** So much of the first lines is kept at most until it is known how they are read. */
const lookedAtText = 2 ** 22
/** Whole numbers up to 255 with one above this are bytes of pixels, where a row is a picture. */
const darkest = 100

/**
 * Reads a table of numbers as a matrix of patches, one a line: separated by commas, semicolons, tabs or blanks, all
 * lines of one width. Names of columns, an index, labels and text are found out from the first lines; empty lines and
 * those that start with # are passed over.
 * @throws LabError badInput naming the line that is wrong; stopped when aborted
 */
export async function readTable(
  path: string,
  choice: TableChoice & { scale?: number | undefined },
  sampling: RowSampling,
  { onRead, signal }: ReadArrayOptions = {},
): Promise<PatchMatrix> {
  const name = basename(path)
  const table = createTable(name, choice, sampling)
  const remark = await eachLine(path, name, (line, done, total) => {
    stopIfAborted(signal)
    if (line === null) onRead?.(done, total)
    else table.addLine(line)
    return true
  })
  const matrix = table.finish()
  return { ...matrix, remarks: [...(remark === null ? [] : [remark]), ...matrix.remarks] }
}

/** The first rows of a table and what is seen in them, for who chooses. @throws LabError as readTable */
export async function lookAtTable(path: string, choice: TableChoice): Promise<TableLook> {
  const name = basename(path)
  const lines: string[] = []
  let remark: string | null = null
  let length = 0
  await eachLine(path, name, (line) => {
    const content = line === null ? null : contentOf(line)
    if (content !== null) lines.push(content)
    else if (lines.length === 0 && line?.startsWith('#')) remark = line.trim()
    length += line?.length ?? 0
    return lines.length < lookedAt && length < lookedAtText
  })
  if (lines.length === 0) throw new LabError('badInput', `${name} holds no numbers. Write one patch a line.`)
  const separator = separatorOf(lines[0])
  const shape = tableShape(lines, separator, choice, name)
  const { hasHeader, columns, remarks } = namedByRemark(shape, remark, separator)
  const rows = lines.slice(hasHeader ? 1 : 0).map((line) => cellsOf(line, separator))
  return { columns, rows: rows.slice(0, 6), hasHeader, remarks }
}

/** What a line says; null where it is empty or a remark. A tab in front stands for an empty cell. */
function contentOf(text: string): string | null {
  const line = text.trimEnd()
  const content = line.includes('\t') ? line : line.trimStart()
  return content === '' || content.startsWith('#') ? null : content
}

/**
 * @param see gets each line, and null with the bytes read after each piece; returns whether there is need of more
 * @returns what is to be said of how the text was read
 */
async function eachLine(
  path: string,
  name: string,
  see: (line: string | null, done: number, total: number) => boolean,
): Promise<string | null> {
  const file = await openPieces(path, name)
  const lines = createTextLines(
    longestLine,
    () =>
      new LabError(
        'badInput',
        `A line of ${name} is longer than 16 million characters. Write one patch a line.`,
      ),
  )
  let decoder: TextDecoder | null = null
  let isCarriage: boolean | null = null
  let remark: string | null = null
  for await (const piece of file.pieces()) {
    if (decoder === null) {
      const encoding = textEncoding(piece.subarray(0, textStart))
      remark = encoding.remark
      decoder = new TextDecoder(encoding.label)
    }
    const text = decoder.decode(piece, { stream: true })
    // Excel on a Mac ends lines so still.
    isCarriage ??= text.includes('\r') && !text.includes('\n')
    for (const line of lines.add(isCarriage ? text.replaceAll('\r', '\n') : text)) {
      if (!see(line, 0, 0)) return remark
    }
    see(null, file.readBytes(), file.sizeBytes)
  }
  see(lines.rest() + (decoder?.decode() ?? ''), 0, 0)
  return remark
}

function createTable(
  name: string,
  choice: TableChoice & { scale?: number | undefined },
  sampling: RowSampling,
) {
  const bad = (problem: string) => new LabError('badInput', `${name} ${problem}`)
  /** The first lines, with their numbers, until it is known how they are read. */
  let begun: { line: string; number: number }[] | null = []
  let shape: TableShape = { hasHeader: false, columns: [], remarks: [] }
  let values: number[] = []
  /** The last one above the first line. */
  let remark: string | null = null
  let labelAt = -1
  let separator: Separator = ','
  let store: RowStore | null = null
  let row = new Float32Array(0)
  let label = ''
  let width = 0
  let lineNumber = 0
  let currentLine = 0
  let textLength = 0
  let seen = 0
  /** Whether each two cells so far may be one number that was cut at its decimal comma, and whether some must be. */
  let maySplit = true
  let mustSplit = false
  let hasDecimals = false
  let unsure: { text: string; lineNumber: number; column: number } | null = null
  let mayBeBytes = true
  let largest = 0

  function begin(): void {
    const lines = begun ?? []
    begun = null
    if (lines.length === 0) return
    separator = separatorOf(lines[0].line)
    const found = tableShape(
      lines.map(({ line }) => line),
      separator,
      choice,
      name,
    )
    shape = choice.plain ? found : namedByRemark(found, remark, separator)
    width = shape.columns.length
    values = shape.columns.flatMap(({ use }, c) => (use === 'value' ? [c] : []))
    labelAt = shape.columns.findIndex(({ use }) => use === 'label')
    if (values.length === 0) throw bad('has no column of values left. Leave fewer columns out.')
    // The place of a column among the values, −1 for others.
    const places = shape.columns.map(() => -1)
    for (const [place, c] of values.entries()) places[c] = place
    row = new Float32Array(values.length)
    store = createRowStore(values.length, sampling)
    addRow = rowAdder(places)
    for (const { line, number } of lines.slice(shape.hasHeader ? 1 : 0)) {
      currentLine = number
      addRow(line)
    }
  }

  let addRow: (line: string) => void = () => {}
  const rowAdder = (places: readonly number[]) => (line: string) => {
    const count = eachCell(line, separator, (cell, column) => {
      const place = places[column]
      if (place === undefined) return
      if (place < 0) {
        if (column === labelAt) label = unquoted(cell)
        return
      }
      row[place] = toNumber(cell, column)
      if (maySplit) noteSplit(unquoted(cell), column)
    })
    if (count !== width) {
      throw new LabError(
        'badInput',
        `Line ${currentLine} of ${name} has ${count} numbers where those before have ${width}. Make all lines alike.`,
      )
    }
    seen += 1
    store?.add(row, labelAt < 0 ? null : label)
  }

  function noteSplit(text: string, column: number): void {
    const isFraction = column % 2 === 1
    maySplit = (isFraction ? /^\d+$/ : /^[+-]?\d+$/).test(text)
    if (isFraction && /^0\d/.test(text)) mustSplit = true
  }

  function toNumber(cell: string, column: number): number {
    const text = unquoted(cell)
    if (shape.columns[column].isBoolean && /^(true|false)$/i.test(text)) return Number(/^true$/i.test(text))
    const value = text === '' ? Number.NaN : Number(text)
    if (Number.isFinite(Math.fround(value))) {
      // One number with a point and other than three digits after it, and points are no thousands.
      if (!hasDecimals && text.includes('.')) {
        if (mayBeThousands(text)) unsure ??= { text, lineNumber: currentLine, column: column + 1 }
        else hasDecimals = true
      }
      if (mayBeBytes) mayBeBytes = value >= 0 && value <= 255 && Number.isInteger(value)
      if (value > largest) largest = value
      return value
    }
    const place = `in line ${currentLine}, column ${column + 1}`
    const said = text.slice(0, 30)
    if (text === '') throw bad(`has an empty cell ${place}. Fill it or remove the line.`)
    if (Number.isFinite(value)) throw bad(`holds ${said}, too large for float32, ${place}. Replace it.`)
    if (isNotFinite(text)) throw bad(`holds ${said} ${place}. Replace it or remove the line.`)
    if (/^[+-]?\d*(?:[.\s]\d{3})*,\d+$|^\d+\s+[+-]?\d+$/.test(text)) {
      throw bad(
        `has "${said}" ${place}: a decimal comma, or thousands. Write decimals with a point, as 0.25.`,
      )
    }
    throw bad(`has "${said}" ${place}, which is no number. Write numbers such as 0.25.`)
  }

  return {
    addLine(text: string): void {
      lineNumber += 1
      textLength += text.length + 1
      if (textLength > spareText + textPerValue * seen * width) {
        throw bad('holds far more text than numbers. Remove blank lines, blanks and remarks.')
      }
      const content = contentOf(text)
      if (content === null) {
        if (begun !== null && begun.length === 0 && text.startsWith('#')) remark = text.trim()
        return
      }
      currentLine = lineNumber
      if (begun === null) return addRow(content)
      begun.push({ line: content, number: lineNumber })
      if (begun.length === lookedAt || textLength > lookedAtText) begin()
    },
    finish(): PatchMatrix {
      begin()
      if (store === null || seen === 0) throw bad('holds no numbers. Write one patch a line.')
      if (separator === ',' && width % 2 === 0 && maySplit && mustSplit && values.length === width) {
        throw bad(
          'has commas within its numbers, as in 0,05. Write decimals with a point, or separate by semicolons.',
        )
      }
      // Only where commas separate can a point be nothing but a decimal one.
      if (unsure && !hasDecimals && separator !== ',') {
        throw bad(
          `has "${unsure.text}" in line ${unsure.lineNumber}, column ${unsure.column}, which could be ${unsure.text.replace('.', '')} or ${unsure.text}0. Write it so.`,
        )
      }
      const n = values.length
      const taken = store.finish()
      const remarks = [...shape.remarks]
      if (taken.m < seen) {
        remarks.push(sampleRemark(seen, n, taken.m, sampling.seed.seed, sampling.rows !== undefined))
      }
      const isPicture = n >= 16 && patchGeometry(n).patchSize !== null
      const isBytes = mayBeBytes && largest > darkest && isPicture && !choice.plain
      const divisor = choice.scale ?? (isBytes ? 255 : 1)
      if (divisor !== 1) for (let i = 0; i < taken.values.length; i++) taken.values[i] /= divisor
      if (isBytes && choice.scale === undefined) remarks.push(scaledRemark)
      return {
        kind: 'patches',
        array: null,
        m: taken.m,
        n,
        values: taken.values,
        labels: labelAt < 0 ? null : taken.labels,
        columnNames: namesOf(shape.columns),
        remarks,
        resolved: {},
      }
    },
  }
}

export const scaledRemark = 'Whole numbers of pixels were scaled to [0, 1]; --scale 1 keeps them.'

const mayBeThousands = (text: string) => /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text)

/** Of the values; null where the table names none. */
function namesOf(columns: readonly TableColumn[]): string[] | null {
  if (columns.every(({ name }) => name === null)) return null
  return columns.flatMap(({ name, use }, c) =>
    use === 'value' ? [name === null || name === '' ? `${c + 1}` : name] : [],
  )
}
