import { PbfReader } from 'pbf'
import { decodeNumbers, numberTypes, type NumberType } from '#main/dataset/array/numberTypes.ts'
import { LabError } from '#shared/domain/labError.ts'
import {
  importWeights,
  readRhoHat,
  weightNames,
  type FoundArray,
  type ImportedWeights,
} from './importedWeights.ts'
import { recogniseWeights, type WeightHints } from './recogniseWeights.ts'

/** Fields of ONNX messages by number. @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const model = { irVersion: 1, graph: 7, metadata: 14 } as const
const graphField = { constant: 5 } as const
const entry = { key: 1, value: 2 } as const
const tensor = { dims: 1, type: 2, name: 8, raw: 9 } as const
/** @see TensorProto.DataType */
const typesByNumber: Record<number, NumberType | undefined> = {
  1: numberTypes.float32,
  10: numberTypes.float16,
  11: numberTypes.float64,
  16: numberTypes.bfloat16,
}

/** Whether a file may be an ONNX model: it starts with the number of its version. */
export const isOnnx = (bytes: Uint8Array) => bytes.length > 2 && bytes[0] === 8 * model.irVersion

/**
 * Weights from an ONNX model as `lab export` writes it: constants W1, W2, b1, b2 of float32 or float64 inside.
 * @param file what messages call it
 * @throws LabError badInput, shape
 */
export function parseOnnx(bytes: Uint8Array, file: string, hints: WeightHints = {}): ImportedWeights {
  const { constants, notes } = readModel(bytes, file)
  const arrays = [...constants.values()].flatMap((constant) => {
    try {
      return [findArray(constant, file)]
    } catch (error) {
      // Sizes and the like are none of the weights.
      if ((weightNames as readonly string[]).includes(constant.name)) throw error
      return []
    }
  })
  const mend = 'Name the constants W1, W2, b1 and b2.'
  const imported = importWeights(
    recogniseWeights(arrays, { file, mend, hints }),
    { config: notes.get('config') ?? null, normalisation: notes.get('normalisation') ?? null },
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
    readMessage(bytes, (field, reader) => {
      if (reader.type !== bytesType) return
      if (field === model.metadata) {
        const [key, text] = readNote(reader.readBytes())
        notes.set(key, text)
      } else if (field === model.graph) {
        readMessage(reader.readBytes(), (inner, graph) => {
          if (inner !== graphField.constant || graph.type !== bytesType) return
          const constant = readConstant(graph.readBytes())
          constants.set(constant.name, constant)
        })
      }
    })
  } catch (error) {
    throw damaged(file, error)
  }
  return { constants, notes }
}

/** How a field is written: a whole number, or bytes (text and inner messages too). */
const [wholeType, bytesType] = [0, 2]

/**
 * Shows each field of a protobuf message; what is not read of it is passed over.
 * @throws Error where the message is cut or is none: the reader itself goes past the end without a word
 */
function readMessage(bytes: Uint8Array, show: (field: number, reader: PbfReader) => void): void {
  const reader = new PbfReader(bytes)
  reader.readFields((field) => show(field, reader), undefined)
  if (reader.pos !== reader.length) throw new RangeError('A field is cut.')
}

function readNote(bytes: Uint8Array): [key: string, text: string] {
  const texts: Record<number, string> = {}
  readMessage(bytes, (field, reader) => {
    if (reader.type === bytesType) texts[field] = textOf(reader)
  })
  return [texts[entry.key] ?? '', texts[entry.value] ?? '']
}

function readConstant(bytes: Uint8Array): Constant {
  const constant: Constant = { name: '', dims: [], type: 0, raw: new Uint8Array() }
  readMessage(bytes, (field, reader) => {
    if (reader.type === wholeType) {
      if (field === tensor.dims && constant.dims.length < 8) constant.dims.push(reader.readVarint())
      else if (field === tensor.type) constant.type = reader.readVarint()
    } else if (reader.type === bytesType) {
      if (field === tensor.name) constant.name = textOf(reader)
      else if (field === tensor.raw) constant.raw = reader.readBytes()
    }
  })
  return constant
}

const textOf = (reader: PbfReader): string => new TextDecoder().decode(reader.readBytes())

function findArray({ name, dims, type, raw }: Constant, file: string): FoundArray {
  const stored = typesByNumber[type]
  if (stored === undefined) {
    throw new LabError('badInput', `${name} in ${file} is not float32. Export the weights again.`)
  }
  if (raw.length !== dims.reduce((product, length) => product * length, stored.itemBytes)) throw damaged(file)
  return { name, shape: dims, read: () => decodeNumbers(raw, stored, true) }
}

const damaged = (file: string, cause?: unknown) =>
  new LabError('badInput', `${file} is damaged or no ONNX model. Copy it again or export it anew.`, { cause })
