import { decodeNumbers } from '#main/dataset/array/numberTypes.ts'
import { LabError } from '#shared/domain/labError.ts'
import { importWeights, readRhoHat, type FoundArray, type ImportedWeights } from './importedWeights.ts'
import { recogniseWeights, type WeightHints } from './recogniseWeights.ts'
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
export function parseSafetensors(bytes: Uint8Array, file: string, hints: WeightHints = {}): ImportedWeights {
  const { arrays, metadata } = safetensorsArrays(bytes, file)
  if (arrays.some(({ name }) => name === 'W_enc')) {
    throw new LabError(
      'badInput',
      `${file} is the weights of a SAELens folder, whose cfg.json says what units they are. Give the folder.`,
    )
  }
  const mend =
    'Save tensors of these names, or encoder.weight, encoder.bias, decoder.weight and decoder.bias.'
  const imported = importWeights(
    recogniseWeights(arrays, { file, mend, hints }),
    { config: metadata['config'] ?? null, normalisation: metadata['normalisation'] ?? null },
    file,
  )
  return { ...imported, rhoHat: readRhoHat(metadata['rhoHat'] ?? null, imported.weights.hidden) }
}

/** Every tensor of the bytes of a `.safetensors`, and its metadata. @throws LabError badInput */
export function safetensorsArrays(
  bytes: Uint8Array,
  file: string,
): { arrays: FoundArray[]; metadata: Record<string, string> } {
  const headerBytes = safetensorsHeaderBytes(bytes)
  if (headerBytes > longestHeader || headerBytes > bytes.length - preambleBytes)
    throw damagedSafetensors(file)
  const values = bytes.subarray(preambleBytes + headerBytes)
  const header = bytes.subarray(preambleBytes, preambleBytes + headerBytes)
  const { tensors, metadata } = parseSafetensorsHeader(header, values.length, file)
  return { arrays: tensors.map((tensor) => findTensor(tensor, values, file)), metadata }
}

function findTensor(
  { name, dtype, shape, begin, end }: Tensor,
  values: Uint8Array,
  file: string,
): FoundArray {
  return {
    name,
    shape,
    read() {
      const type = safetensorsTypes[dtype]
      if (type) return decodeNumbers(values.subarray(begin, end), type, true)
      throw new LabError('badInput', `${name} in ${file} holds values of type ${dtype}. Save it as float32.`)
    },
  }
}
