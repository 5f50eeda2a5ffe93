import { decodeNumbers } from '#main/dataset/array/numberTypes.ts'
import { LabError } from '#shared/domain/labError.ts'
import { tensorNames } from './formatSafetensors.ts'
import {
  importWeights,
  lacking,
  readRhoHat,
  weightNames,
  type FoundArray,
  type ImportedWeights,
} from './importedWeights.ts'
import {
  damagedSafetensors,
  longestHeader,
  parseSafetensorsHeader,
  preambleBytes,
  safetensorsHeaderBytes,
  safetensorsTypes,
  type Tensor,
} from './safetensorsHeader.ts'

/**
 * Weights from the bytes of a `.safetensors`: `encoder.weight` h×n, `encoder.bias`, `decoder.weight` n×h,
 * `decoder.bias`, in float32 or float64.
 * @param file what messages call it
 * @throws LabError badInput, shape
 */
export function parseSafetensors(bytes: Uint8Array, file: string): ImportedWeights {
  const headerBytes = safetensorsHeaderBytes(bytes)
  if (headerBytes > longestHeader || headerBytes > bytes.length - preambleBytes)
    throw damagedSafetensors(file)
  const values = bytes.subarray(preambleBytes + headerBytes)
  const header = bytes.subarray(preambleBytes, preambleBytes + headerBytes)
  const { tensors, metadata } = parseSafetensorsHeader(header, values.length, file)
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const missing = weightNames.map((name) => tensorNames[name]).filter((name) => !byName.has(name))
  if (missing.length > 0) {
    throw lacking(file, missing, [...byName.keys()], 'Save tensors of these names, as "lab export" does.')
  }
  const found = (name: string) => findTensor(byName.get(name)!, values, file)
  const imported = importWeights(
    {
      W1: found(tensorNames.W1),
      W2: found(tensorNames.W2),
      b1: found(tensorNames.b1),
      b2: found(tensorNames.b2),
    },
    { config: metadata['config'] ?? null, normalisation: metadata['normalisation'] ?? null },
    file,
  )
  return { ...imported, rhoHat: readRhoHat(metadata['rhoHat'] ?? null, imported.weights.hidden) }
}

function findTensor(
  { name, dtype, shape, begin, end }: Tensor,
  values: Uint8Array,
  file: string,
): FoundArray {
  const type = safetensorsTypes[dtype]
  if (type === undefined) {
    throw new LabError('badInput', `${name} in ${file} holds values of type ${dtype}. Save it as float32.`)
  }
  return { name, shape, read: () => decodeNumbers(values.subarray(begin, end), type, true) }
}
