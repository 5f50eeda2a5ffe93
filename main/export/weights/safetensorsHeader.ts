import { z } from 'zod'
import { numberTypes, type NumberType } from '#main/dataset/array/numberTypes.ts'
import { LabError } from '#shared/domain/labError.ts'

/** Bytes before the header: its length. */
export const preambleBytes = 8
export const longestHeader = 16 << 20

/** Types of real numbers by the name that the format gives them. */
export const safetensorsTypes: Record<string, NumberType | undefined> = {
  BOOL: numberTypes.bool,
  I8: numberTypes.int8,
  U8: numberTypes.uint8,
  I16: numberTypes.int16,
  U16: numberTypes.uint16,
  I32: numberTypes.int32,
  U32: numberTypes.uint32,
  I64: numberTypes.int64,
  U64: numberTypes.uint64,
  F16: numberTypes.float16,
  BF16: numberTypes.bfloat16,
  F32: numberTypes.float32,
  F64: numberTypes.float64,
}

export interface Tensor {
  name: string
  dtype: string
  shape: number[]
  /** Its bytes, counted from the end of the header. */
  begin: number
  end: number
}

const length = z.number().int().min(0)
const tensorSchema = z.object({
  dtype: z.string(),
  shape: z.array(length).max(8),
  data_offsets: z.tuple([length, length]),
})

/** Not a number that can be trusted yet; larger than any file where it is nonsense. */
export function safetensorsHeaderBytes(start: Uint8Array): number {
  if (start.length < preambleBytes) return Infinity
  return Number(new DataView(start.buffer, start.byteOffset).getBigUint64(0, true))
}

/** Whether a file starts like one: a header's length that fits into the file, then a JSON object. */
export const isSafetensors = (start: Uint8Array, sizeBytes = start.length): boolean =>
  start.length >= preambleBytes + 2 &&
  start[preambleBytes] === 0x7b &&
  safetensorsHeaderBytes(start) <= sizeBytes - preambleBytes

/**
 * @param valuesBytes that follow the header
 * @throws LabError badInput where it is no header, or a tensor does not lie within the values
 */
export function parseSafetensorsHeader(
  bytes: Uint8Array,
  valuesBytes: number,
  file: string,
): { tensors: Tensor[]; metadata: Record<string, string> } {
  const header = parseObject(bytes, file)
  const tensors = Object.entries(header).flatMap(([name, described]) => {
    if (name === '__metadata__') return []
    const { data: tensor } = tensorSchema.safeParse(described)
    if (!tensor) throw damagedSafetensors(file)
    const { dtype, shape, data_offsets: offsets } = tensor
    const [begin, end] = offsets
    const itemBytes = safetensorsTypes[dtype]?.itemBytes
    const sizeBytes = shape.reduce((product, size) => product * size, itemBytes ?? 1)
    if (end < begin || end > valuesBytes || (itemBytes !== undefined && end - begin !== sizeBytes)) {
      throw damagedSafetensors(file)
    }
    return [{ name, dtype: dtype.slice(0, 20), shape, begin, end }]
  })
  const metadata = z.record(z.string(), z.string()).safeParse(header['__metadata__']).data ?? {}
  return { tensors, metadata }
}

function parseObject(bytes: Uint8Array, file: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return { ...header }
  } catch {
    // Said below.
  }
  throw damagedSafetensors(file)
}

export const damagedSafetensors = (file: string) =>
  new LabError('badInput', `${file} is damaged or no safetensors file. Copy it again or save it anew.`)
