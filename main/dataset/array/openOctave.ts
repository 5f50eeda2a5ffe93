import { basename } from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import { maximumValues } from '../draftDataset.ts'
import { openPieces } from './filePieces.ts'
import { countOf, type ArrayFile, type StoredArray } from './storedArray.ts'
import { createTextLines } from './textLines.ts'

/** Types of Octave's text format that hold numbers. */
const numericType =
  /^(?:(?:float )?(?:matrix|scalar)|bool(?: matrix)?|u?int(?:8|16|32|64) (?:matrix|scalar))$/
const longestLine = 2 ** 24

/** Whether a file begins as Octave's `save` writes text. */
export const isOctaveText = (start: string): boolean =>
  /^# Created by Octave |^# name: \w+\r?\n# type: /.test(start)

/**
 * Octave's own text format (`save X.mat X`), plain or gzipped (`save -zip`).
 * @throws LabError badInput where it is damaged
 */
export async function openOctaveText(path: string): Promise<ArrayFile> {
  const file = basename(path)
  const source = await openPieces(path, file)
  const decoder = new TextDecoder()
  const lines = createTextLines(
    longestLine,
    () => new LabError('badInput', `A line of ${file} is too long. Save it with save -v7.`),
  )
  const parser = createParser(file)
  for await (const piece of source.pieces()) {
    for (const line of lines.add(decoder.decode(piece, { stream: true }))) parser.add(line)
  }
  parser.add(lines.rest() + decoder.decode())
  return { arrays: parser.finish(), close: async () => {} }
}

interface Variable {
  name: string
  type: string
  shape: number[] | null
  /** A line of as many lengths is still to come. */
  dimensions: number
  /** Written row by row, as matrices are, not column by column. */
  isByRows: boolean
  values: Float64Array | null
  filled: number
}

function createParser(file: string) {
  const bad = (problem: string) => new LabError('badInput', `${file} ${problem}`)
  const variables: Variable[] = []
  let current: Variable | null = null
  let total = 0

  /** Memory is taken for what a header says only as the numbers come. */
  function grow(variable: Variable): Float64Array {
    const count = countOf(variable.shape ?? [])
    const had = variable.values ?? new Float64Array(0)
    if (variable.filled < had.length) return had
    const values = new Float64Array(Math.min(count, Math.max(1024, 2 * had.length)))
    values.set(had)
    return values
  }

  function addNumbers(variable: Variable, line: string): void {
    const count = countOf(variable.shape ?? [])
    for (const text of line.split(/\s+/)) {
      if (text === '') continue
      if (variable.filled === count)
        throw bad(`holds more numbers in ${variable.name} than it says. Save it again.`)
      if (++total > maximumValues)
        throw bad('holds more than a gigabyte of numbers. Save them with save -v7.')
      const value = /^NaN$/i.test(text) ? Number.NaN : /^[+-]?Inf$/i.test(text) ? Infinity : Number(text)
      if (Number.isNaN(value) && !/^NaN$/i.test(text))
        throw bad(`holds "${text.slice(0, 30)}" in ${variable.name}, which is no number. Save it again.`)
      variable.values = grow(variable)
      variable.values[variable.filled++] = value
    }
  }

  return {
    add(text: string): void {
      const line = text.trim()
      const [, key, value] = /^# (\w+): ?(.*)$/.exec(line) ?? []
      if (key === 'name') {
        current = {
          name: value,
          type: '',
          shape: null,
          dimensions: 0,
          isByRows: false,
          values: null,
          filled: 0,
        }
        // What is inside of a cell array has no name.
        if (!value.startsWith('<')) variables.push(current)
      } else if (current === null || line === '') return
      else if (key === 'type') {
        current.type = value
        if (/^(?:float |u?int\d+ )?scalar$|^bool$/.test(value)) current.shape = [1, 1]
      } else if (key === 'rows') {
        current.shape = [Number(value), 0]
        current.isByRows = true
      } else if (key === 'columns') current.shape = [current.shape?.[0] ?? 0, Number(value)]
      else if (key === 'ndims') current.dimensions = Number(value)
      else if (line.startsWith('#') || !numericType.test(current.type)) return
      else if (current.dimensions > 0) {
        current.shape = line.split(/\s+/).map(Number)
        if (current.shape.length !== current.dimensions) throw bad('is damaged. Save it again.')
        current.dimensions = 0
      } else if (current.shape !== null) addNumbers(current, line)
    },
    finish: (): StoredArray[] => variables.map((variable) => toStored(variable, file)),
  }
}

function toStored({ name, type, shape, isByRows, values, filled }: Variable, file: string): StoredArray {
  const lengths = shape ?? []
  const isNumeric =
    numericType.test(type) && lengths.every((length) => Number.isInteger(length) && length >= 0)
  const whole = /^(uint8|uint16) /.exec(type)?.[1]
  return {
    name,
    shape: lengths,
    typeName: type,
    unfit: isNumeric ? null : `is ${type || 'of a kind'} that holds no plain numbers. Save it as a matrix.`,
    scale: whole === 'uint8' ? 1 / 255 : whole === 'uint16' ? 1 / 65_535 : 1,
    firstFastest: !isByRows,
    stackedBy: 'last',
    async *blocks() {
      if (filled < countOf(lengths)) {
        throw new LabError(
          'badInput',
          `${name} in ${file} ends early: ${filled} of ${countOf(lengths)} values. Copy it again.`,
        )
      }
      yield values ?? new Float64Array(0)
    },
  }
}
