import { basename } from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import { refuseTooMany } from '../draftDataset.ts'
import { stopIfAborted } from '../stopIfAborted.ts'
import type { PatchMatrix, ReadArrayOptions } from './arrayData.ts'
import { openPieces } from './filePieces.ts'
import { createTextLines, eachCell, type Separator } from './textLines.ts'

const longestLine = 2 ** 24
const blockValues = 2 ** 20
// A few kilobytes of gzip can hold gigabytes of blank lines: so much text may stand beside the numbers, and for each.
const spareText = 2 ** 26
const textPerValue = 64

/**
 * Reads a table of numbers as a matrix of patches, one a line: separated by commas, semicolons, tabs or blanks, all
 * lines of one width. The first line may name the columns; empty lines and those that start with # are passed over.
 * @throws LabError badInput naming the line that is wrong; stopped when aborted
 */
export async function readCsv(path: string, { onRead, signal }: ReadArrayOptions = {}): Promise<PatchMatrix> {
  const name = basename(path)
  const file = await openPieces(path, name)
  const table = createTable(name)
  const decoder = new TextDecoder()
  const lines = createTextLines(
    longestLine,
    () =>
      new LabError(
        'badInput',
        `A line of ${name} is longer than 16 million characters. Write one patch a line.`,
      ),
  )
  for await (const piece of file.pieces()) {
    stopIfAborted(signal)
    for (const line of lines.add(decoder.decode(piece, { stream: true }))) table.addLine(line)
    onRead?.(file.readBytes(), file.sizeBytes)
  }
  table.addLine(lines.rest() + decoder.decode())
  return table.finish()
}

function createTable(name: string) {
  const bad = (problem: string) => new LabError('badInput', `${name} ${problem}`)
  const blocks: Float32Array[] = []
  let block = new Float32Array(blockValues)
  let filled = 0
  let separator: Separator = ','
  let n = 0
  let m = 0
  let lineNumber = 0
  let textLength = 0
  /** How many columns the first line names; null without such a line. */
  let named: number | null = null
  /** Whether each two cells so far may be one number that was cut at its decimal comma, and whether some must be. */
  let maySplit = true
  let mustSplit = false
  let hasDecimals = false
  let unsure: { text: string; lineNumber: number; column: number } | null = null

  function addRow(line: string): void {
    const count = eachCell(line, separator)
    if (count !== n && m > 0) {
      throw new LabError(
        'badInput',
        `Line ${lineNumber} of ${name} has ${count} numbers where those before have ${n}. Make all lines alike.`,
      )
    }
    if (named !== null && m === 0 && count !== named) {
      throw bad(
        `names ${named} columns and has ${count} numbers in line ${lineNumber}. Where commas write decimals, write points; else name every column.`,
      )
    }
    n = count
    refuseTooMany(m + 1, n)
    eachCell(line, separator, (cell, column) => {
      if (filled === blockValues) {
        blocks.push(block)
        block = new Float32Array(blockValues)
        filled = 0
      }
      block[filled] = toNumber(cell, column)
      if (maySplit) noteSplit(unquoted(cell), column)
      filled += 1
    })
    m += 1
  }

  function noteSplit(text: string, column: number): void {
    const isFraction = column % 2 === 1
    maySplit = (isFraction ? /^\d+$/ : /^[+-]?\d+$/).test(text)
    if (isFraction && /^0\d/.test(text)) mustSplit = true
  }

  function toNumber(cell: string, column: number): number {
    const text = unquoted(cell)
    const value = text === '' ? Number.NaN : Number(text)
    if (Number.isFinite(Math.fround(value))) {
      // One number with a point and other than three digits after it, and points are no thousands.
      if (!hasDecimals && text.includes('.')) {
        if (mayBeThousands(text)) unsure ??= { text, lineNumber, column: column + 1 }
        else hasDecimals = true
      }
      return value
    }
    const place = `in line ${lineNumber}, column ${column + 1}`
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
      if (textLength > spareText + textPerValue * m * n) {
        throw bad('holds far more text than numbers. Remove blank lines, blanks and remarks.')
      }
      const line = (lineNumber === 1 ? text.replace(/^\uFEFF/, '') : text).trim()
      if (line === '' || line.startsWith('#')) return
      if (m === 0 && named === null) {
        separator = separatorOf(line)
        let hasWord = false
        const count = eachCell(line, separator, (cell) => (hasWord ||= isWord(cell)))
        if (hasWord) {
          named = count
          return
        }
      }
      addRow(line)
    },
    finish(): PatchMatrix {
      if (m === 0) throw bad('holds no numbers. Write one patch a line.')
      if (separator === ',' && n % 2 === 0 && maySplit && mustSplit) {
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
      const values = new Float32Array(m * n)
      values.set(block.subarray(0, filled), blocks.length * blockValues)
      // From the last, each let go at once: all of them twice would be twice the memory.
      for (let full = blocks.pop(); full !== undefined; full = blocks.pop()) {
        values.set(full, blocks.length * blockValues)
      }
      return { kind: 'patches', array: null, m, n, values }
    },
  }
}

function separatorOf(line: string): Separator {
  for (const separator of [';', '\t', ','] as const) if (line.includes(separator)) return separator
  return null
}

const unquoted = (cell: string) => cell.trim().replace(/^"(.*)"$/, '$1')
const mayBeThousands = (text: string) => /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text)
const isNotFinite = (text: string) => /^[+-]?(nan|inf|infinity)$/i.test(text)

/** What can only be the name of a column: no number, and none as another country writes it. */
function isWord(cell: string): boolean {
  const text = unquoted(cell)
  return text !== '' && Number.isNaN(Number(text)) && !isNotFinite(text) && !/^[\d\s.,+-]+$/.test(text)
}
