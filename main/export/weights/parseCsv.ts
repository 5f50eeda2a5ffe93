import { LabError } from '#shared/domain/labError.ts'
import { weightsHeader } from './formatCsv.ts'
import { importWeights, type FoundArray, type ImportedWeights } from './importedWeights.ts'
import { recogniseWeights, type WeightHints } from './recogniseWeights.ts'
import { decodeText } from './text.ts'

/** Whether a file starts with the header of weights in long form. */
export const isWeightsCsv = (bytes: Uint8Array) =>
  Buffer.from(bytes.subarray(0, weightsHeader.length + 3))
    .toString()
    .replace(/^\uFEFF/, '')
    .startsWith(weightsHeader)

/** The values of one array as they come, with where they belong. */
interface Cells {
  rows: number[]
  columns: number[]
  values: number[]
}

/**
 * Weights from CSV in long form, lines in any order: `array,row,column,value` with W1, W2, b1, b2, and rhoHat if it
 * is there. The file holds no configuration.
 * @param file what messages call it
 * @throws LabError badInput, shape
 */
export function parseCsv(bytes: Uint8Array, file: string, hints: WeightHints = {}): ImportedWeights {
  const arrays = collect(decodeText(bytes, file), file)
  const found = [...arrays].map(([name, cells]) => findArray(cells, name, file))
  const rhoHat = found.find(({ name }) => name === 'rhoHat')
  const mend = 'Export the weights again.'
  return importWeights(
    { ...recogniseWeights(found, { file, mend, hints }), ...(rhoHat && { rhoHat }) },
    { config: null, normalisation: null },
    file,
  )
}

const linePattern = /^([A-Za-z]\w{0,19}),(\d{1,9}),(\d{1,9}),([^,\s]{1,40})$/

function collect(text: string, file: string): Map<string, Cells> {
  // A number that is cut is a number still: only the line's end says that it is whole.
  if (!text.endsWith('\n')) {
    throw new LabError('badInput', `${file} ends inside a line. Export or copy it again.`)
  }
  const arrays = new Map<string, Cells>()
  let line = 1
  for (let at = endOf(text, 0) + 1; at < text.length; at = endOf(text, at) + 1) {
    line++
    const content = text.slice(at, endOf(text, at)).trimEnd()
    if (content === '') continue
    const [, name, row, column, value] = linePattern.exec(content) ?? []
    if (name === undefined || Number.isNaN(Number(value))) {
      throw new LabError(
        'badInput',
        `Line ${line} of ${file} is "${content.slice(0, 40)}". It must be array,row,column,value with a finite number.`,
      )
    }
    let cells = arrays.get(name)
    if (!cells) arrays.set(name, (cells = { rows: [], columns: [], values: [] }))
    cells.rows.push(Number(row))
    cells.columns.push(Number(column))
    cells.values.push(Number(value))
  }
  return arrays
}

function endOf(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

function findArray({ rows, columns, values }: Cells, name: string, file: string): FoundArray {
  const largest = (of: readonly number[]) => of.reduce((most, value) => Math.max(most, value), 0)
  const shape = [largest(rows) + 1, largest(columns) + 1]
  // Before memory is taken: every place once means as many lines as places.
  if (values.length !== shape[0] * shape[1]) {
    throw new LabError(
      'badInput',
      `${name} in ${file} has ${values.length} lines for ${shape[0]} × ${shape[1]} places. Export it again.`,
    )
  }
  return {
    name,
    shape,
    read() {
      const array = new Float64Array(values.length).fill(Number.NaN)
      for (const [k, value] of values.entries()) array[rows[k] * shape[1] + columns[k]] = value
      return array
    },
  }
}
