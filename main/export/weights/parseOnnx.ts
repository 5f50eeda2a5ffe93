import { floatsOf } from '#main/dataset/npy.ts'
import { LabError } from '#shared/domain/labError.ts'
import {
  importWeights,
  lacking,
  readRhoHat,
  weightNames,
  type FoundArray,
  type ImportedWeights,
} from './importedWeights.ts'
import { protobufFields } from './protobufFields.ts'

/** Fields of ONNX messages by number. @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const model = { irVersion: 1, graph: 7, metadata: 14 } as const
const graphField = { constant: 5 } as const
const entry = { key: 1, value: 2 } as const
const tensor = { dims: 1, type: 2, name: 8, raw: 9 } as const
const itemBytesOf: Record<number, 4 | 8 | undefined> = { 1: 4, 11: 8 }

/** Whether a file may be an ONNX model: it starts with the number of its version. */
export const isOnnx = (bytes: Uint8Array) => bytes.length > 2 && bytes[0] === 8 * model.irVersion

/**
 * Weights from an ONNX model as `lab export` writes it: constants W1, W2, b1, b2 of float32 or float64 inside.
 * @param file what messages call it
 * @throws LabError badInput, shape
 */
export function parseOnnx(bytes: Uint8Array, file: string): ImportedWeights {
  const { constants, notes } = readModel(bytes, file)
  const missing = weightNames.filter((name) => !constants.has(name))
  if (missing.length > 0) {
    throw lacking(file, missing, [...constants.keys()], 'Only models that Rho Lab has exported are read.')
  }
  const found = (name: string) => findArray(constants.get(name)!, file)
  const imported = importWeights(
    { W1: found('W1'), W2: found('W2'), b1: found('b1'), b2: found('b2') },
    notes.get('config') ?? null,
    file,
  )
  return { ...imported, rhoHat: readRhoHat(notes.get('rhoHat') ?? null, imported.weights.hidden) }
}

interface Constant {
  name: string
  dims: number[]
  type: number
  raw: Uint8Array
}

function readModel(bytes: Uint8Array, file: string) {
  const constants = new Map<string, Constant>()
  const notes = new Map<string, string>()
  try {
    for (const { number, value } of protobufFields(bytes)) {
      if (typeof value === 'number') continue
      if (number === model.metadata) {
        const [key, text] = readNote(value)
        notes.set(key, text)
      } else if (number === model.graph) {
        for (const field of protobufFields(value)) {
          if (field.number !== graphField.constant || typeof field.value === 'number') continue
          const constant = readConstant(field.value)
          constants.set(constant.name, constant)
        }
      }
    }
  } catch (error) {
    if (error instanceof RangeError) throw damaged(file, error)
    throw error
  }
  return { constants, notes }
}

function readNote(bytes: Uint8Array): [key: string, text: string] {
  const texts: Record<number, string> = {}
  for (const { number, value } of protobufFields(bytes)) {
    if (typeof value !== 'number') texts[number] = new TextDecoder().decode(value)
  }
  return [texts[entry.key] ?? '', texts[entry.value] ?? '']
}

function readConstant(bytes: Uint8Array): Constant {
  const constant: Constant = { name: '', dims: [], type: 0, raw: new Uint8Array() }
  for (const { number, value } of protobufFields(bytes)) {
    if (typeof value === 'number') {
      if (number === tensor.dims && constant.dims.length < 8) constant.dims.push(value)
      else if (number === tensor.type) constant.type = value
    } else if (number === tensor.name) constant.name = new TextDecoder().decode(value)
    else if (number === tensor.raw) constant.raw = value
  }
  return constant
}

function findArray({ name, dims, type, raw }: Constant, file: string): FoundArray {
  const itemBytes = itemBytesOf[type]
  if (itemBytes === undefined) {
    throw new LabError('badInput', `${name} in ${file} is not float32. Export the weights again.`)
  }
  if (raw.length !== dims.reduce((product, length) => product * length, itemBytes)) throw damaged(file)
  return { name, shape: dims, read: () => floatsOf(raw, itemBytes === 4 ? 'float32' : 'float64', false) }
}

const damaged = (file: string, cause?: unknown) =>
  new LabError('badInput', `${file} is damaged or no ONNX model. Copy it again or export it anew.`, { cause })
