import { z } from 'zod'
import { floatsOf } from '#main/dataset/npy.ts'
import { LabError } from '#shared/domain/labError.ts'
import { preambleBytes, tensorNames } from './formatSafetensors.ts'
import {
  importWeights,
  lacking,
  readRhoHat,
  weightNames,
  type FoundArray,
  type ImportedWeights,
} from './importedWeights.ts'

const longestHeader = 16 << 20
const length = z.number().int().min(0)
const tensorSchema = z.object({
  dtype: z.string(),
  shape: z.array(length).max(8),
  data_offsets: z.tuple([length, length]),
})

/** Whether a file starts like one: a header's length that fits into the file, then a JSON object. */
export function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < preambleBytes + 2 || bytes[preambleBytes] !== 0x7b) return false
  return headerLength(bytes) <= bytes.length - preambleBytes
}

/**
 * Weights from the bytes of a `.safetensors`: `encoder.weight` h×n, `encoder.bias`, `decoder.weight` n×h,
 * `decoder.bias`, in float32 or float64.
 * @param file what messages call it
 * @throws LabError badInput, shape
 */
export function parseSafetensors(bytes: Uint8Array, file: string): ImportedWeights {
  const headerBytes = headerLength(bytes)
  if (headerBytes > longestHeader || headerBytes > bytes.length - preambleBytes) throw damaged(file)
  const header = parseHeader(bytes.subarray(preambleBytes, preambleBytes + headerBytes), file)
  const values = bytes.subarray(preambleBytes + headerBytes)
  const missing = weightNames.map((name) => tensorNames[name]).filter((name) => !Object.hasOwn(header, name))
  if (missing.length > 0) {
    const there = Object.keys(header).filter((name) => name !== '__metadata__')
    throw lacking(file, missing, there, 'Save tensors of these names, as "lab export" does.')
  }
  const found = (name: string) => findTensor(header[name], name, values, file)
  const metadata = z.record(z.string(), z.string()).safeParse(header['__metadata__']).data ?? {}
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

/** Not a number that can be trusted yet; larger than any file where it is nonsense. */
function headerLength(bytes: Uint8Array): number {
  if (bytes.length < preambleBytes) return Infinity
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
}

function parseHeader(bytes: Uint8Array, file: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return { ...header }
  } catch {
    // Said below.
  }
  throw damaged(file)
}

function findTensor(described: unknown, name: string, values: Uint8Array, file: string): FoundArray {
  const { data: tensor } = tensorSchema.safeParse(described)
  if (!tensor) throw damaged(file)
  const { dtype, shape, data_offsets: offsets } = tensor
  const itemBytes = { F32: 4, F64: 8 }[dtype]
  if (itemBytes === undefined) {
    throw new LabError(
      'badInput',
      `${name} in ${file} holds values of type ${dtype.slice(0, 20)}. Save it as float32.`,
    )
  }
  const [begin, end] = offsets
  const sizeBytes = shape.reduce((product, size) => product * size, itemBytes)
  if (end - begin !== sizeBytes || end > values.length) throw damaged(file)
  return {
    name,
    shape,
    read: () => floatsOf(values.subarray(begin, end), itemBytes === 4 ? 'float32' : 'float64', false),
  }
}

const damaged = (file: string) =>
  new LabError('badInput', `${file} is damaged or no safetensors file. Copy it again or save it anew.`)
