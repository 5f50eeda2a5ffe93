import { LabError } from '#shared/domain/labError.ts'
import { importWeights, weightNames, type FoundArray, type ImportedWeights } from './importedWeights.ts'
import { recogniseWeights, type WeightHints } from './recogniseWeights.ts'
import { decodeText } from './text.ts'

/**
 * Weights from a JSON document: W1, W2 (arrays of rows), b1, b2 in `weights` or at the top, with `config` and `rhoHat`
 * beside `weights`.
 * @param file what messages call it
 * @throws LabError badInput, shape
 */
export function parseJson(bytes: Uint8Array, file: string, hints: WeightHints = {}): ImportedWeights {
  const document = parseObject(decodeText(bytes, file), file)
  const weights = asObject(document['weights']) ?? document
  const arrays = Object.entries(weights).flatMap(([name, value]) =>
    Array.isArray(value) || (weightNames as readonly string[]).includes(name)
      ? [findArray(value, name, file)]
      : [],
  )
  const note = (name: string) => (name in document ? JSON.stringify(document[name]) : null)
  const mend = 'Write W1 and W2 as arrays of rows, b1 and b2 as arrays.'
  return importWeights(
    {
      ...recogniseWeights(arrays, { file, mend, hints }),
      ...(Array.isArray(document['rhoHat']) && { rhoHat: findArray(document['rhoHat'], 'rhoHat', file) }),
    },
    { config: note('config'), normalisation: note('normalisation') },
    file,
  )
}

function parseObject(text: string, file: string): Record<string, unknown> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw new LabError('badInput', `${file} is not whole JSON. Export or copy it again.`, { cause })
  }
  const object = asObject(document)
  if (object) return object
  throw new LabError('badInput', `${file} is JSON, but no object with weights. Export it again.`)
}

const asObject = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null

function findArray(value: unknown, name: string, file: string): FoundArray {
  if (!Array.isArray(value)) {
    throw new LabError('badInput', `${name} in ${file} is not an array. Write it as numbers in brackets.`)
  }
  const first: unknown = value[0]
  if (!Array.isArray(first)) {
    return { name, shape: [value.length], read: () => numbers(value, name, file) }
  }
  const columns = first.length
  const rows = value as unknown[]
  if (!rows.every((row) => Array.isArray(row) && row.length === columns)) {
    throw new LabError('badInput', `${name} in ${file} has rows of different lengths. Export it again.`)
  }
  return {
    name,
    shape: [rows.length, columns],
    read: () => numbers((rows as unknown[][]).flat(), name, file),
  }
}

function numbers(values: readonly unknown[], name: string, file: string): Float64Array {
  const bad = values.findIndex((value) => typeof value !== 'number')
  if (bad < 0) return Float64Array.from(values as readonly number[])
  throw new LabError(
    'badInput',
    `${name} in ${file} holds ${JSON.stringify(values[bad])?.slice(0, 40)} at place ${bad}. Give weights that are finite numbers.`,
  )
}
