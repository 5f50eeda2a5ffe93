import { LabError } from '#shared/domain/labError.ts'

const magic = 'RHOLABCP'
const headerBytes = 16

type Floats = Float64Array | Float32Array
export type Plain = number | string | boolean | null | Floats | Plain[] | { [key: string]: Plain }

/**
 * A state of numbers, strings and arrays of floats as bytes: magic, length of the JSON part, JSON, then the arrays
 * (little-endian, of their own precision). Restoring gives the same bits, NaN and infinities included.
 */
export function encodeCheckpoint(state: Plain): Uint8Array {
  const arrays: Floats[] = []
  const json = new TextEncoder().encode(JSON.stringify(pack(state, arrays)))
  const start = headerBytes + Math.ceil(json.length / 8) * 8
  const bytes = new Uint8Array(start + arrays.reduce((sum, array) => sum + array.byteLength, 0))
  bytes.set(new TextEncoder().encode(magic))
  new DataView(bytes.buffer).setUint32(8, json.length, true)
  new DataView(bytes.buffer).setUint32(12, arrays.length, true)
  bytes.set(json, headerBytes)
  let offset = start
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset)
    offset += array.byteLength
  }
  return bytes
}

/** @throws LabError badInput where the bytes are not a whole checkpoint */
export function decodeCheckpoint<T>(bytes: Uint8Array): T {
  const broken = () =>
    new LabError('badInput', 'The checkpoint is damaged. Start the run again from its settings.')
  if (bytes.length < headerBytes || new TextDecoder().decode(bytes.subarray(0, 8)) !== magic) throw broken()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const jsonBytes = view.getUint32(8, true)
  if (headerBytes + jsonBytes > bytes.length) throw broken()
  let offset = headerBytes + Math.ceil(jsonBytes / 8) * 8
  const take: Take = (Of, length) => {
    const end = offset + Of.BYTES_PER_ELEMENT * length
    if (!Number.isSafeInteger(length) || length < 0 || end > bytes.length) throw broken()
    const array = new Of(bytes.slice(offset, end).buffer)
    offset = end
    return array
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      bytes.subarray(headerBytes, headerBytes + jsonBytes),
    )
    const state = unpack(JSON.parse(text), take) as T
    if (offset !== bytes.length) throw broken()
    return state
  } catch (error) {
    throw error instanceof LabError ? error : broken()
  }
}

type Take = (Of: Float64ArrayConstructor | Float32ArrayConstructor, length: number) => Floats

function pack(value: Plain, arrays: Floats[]): unknown {
  if (value instanceof Float64Array || value instanceof Float32Array) {
    arrays.push(value)
    return value instanceof Float64Array ? { $array: value.length } : { $float32: value.length }
  }
  // JSON has no NaN, no infinities and no negative zero.
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: text(value) }
  if (Array.isArray(value)) return value.map((item) => pack(item, arrays))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item, arrays)]))
  }
  return value
}

function unpack(value: unknown, take: Take): unknown {
  if (Array.isArray(value)) return value.map((item) => unpack(item, take))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value)
  if (entries.length === 1 && entries[0][0] === '$array') return take(Float64Array, entries[0][1] as number)
  if (entries.length === 1 && entries[0][0] === '$float32') return take(Float32Array, entries[0][1] as number)
  if (entries.length === 1 && entries[0][0] === '$number') return Number(entries[0][1])
  return Object.fromEntries(entries.map(([key, item]) => [key, unpack(item, take)]))
}

const text = (value: number) => (Object.is(value, -0) ? '-0' : String(value))
