import { LabError } from '#shared/domain/labError.ts'
import { headerBytes, parseNpyHeader, formatNpyHeader, type NpyType } from './npy/npyHeader.ts'

export interface NpyArray {
  /** Lengths of the dimensions; empty for a single number. */
  shape: number[]
  dtype: NpyType
  /** Row-major. */
  values: Float32Array | Float64Array
}

/**
 * Reads a NumPy array of floats (`.npy`, also a member of a `.npz`), format 1.0 to 3.0, C order.
 * @param name what messages call it
 * @throws LabError badInput where it is no such array, or where its size is not what its header says
 */
export function parseNpy(bytes: Uint8Array, name = 'The array'): NpyArray {
  const header = parseNpyHeader(bytes.subarray(0, headerBytes(bytes, name)), bytes.length, name)
  const { shape, dtype, bigEndian, dataOffset } = header
  return { shape, dtype, values: floatsOf(bytes.subarray(dataOffset), dtype, bigEndian) }
}

/**
 * Bytes of little-endian or big-endian floats as numbers.
 * @param bytes a whole number of values; read only
 */
export function floatsOf(bytes: Uint8Array, dtype: NpyType, bigEndian: boolean): Float32Array | Float64Array {
  const copy = Buffer.from(new Uint8Array(bytes).buffer)
  if (bigEndian) {
    if (dtype === 'float32') copy.swap32()
    else copy.swap64()
  }
  return dtype === 'float32' ? new Float32Array(copy.buffer) : new Float64Array(copy.buffer)
}

/**
 * Writes an array as NumPy's save does: format 1.0, C order, little-endian, values aligned to 64 bytes.
 * @param shape lengths of the dimensions; their product is the number of values
 */
export function formatNpy(shape: readonly number[], values: Float32Array | Float64Array): Uint8Array {
  const count = shape.reduce((product, length) => product * length, 1)
  if (count !== values.length) {
    throw new LabError(
      'shape',
      `${values.length} values do not fill an array of shape (${shape.join(', ')}).`,
    )
  }
  const header = formatNpyHeader(shape, values instanceof Float32Array ? '<f4' : '<f8')
  const bytes = new Uint8Array(header.length + values.byteLength)
  bytes.set(header)
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), header.length)
  return bytes
}
