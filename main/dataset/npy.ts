import { LabError } from '#shared/domain/labError.ts'
import { decodeNumbers } from './array/numberTypes.ts'
import { headerBytes, parseNpyHeader, formatNpyHeader } from './npy/npyHeader.ts'

export interface NpyArray {
  /** Lengths of the dimensions; empty for a single number. */
  shape: number[]
  /** What the file holds, e.g. "float32", "uint8". */
  dtype: string
  /** Row-major; float64 for types of four bytes and more but float32. */
  values: Float32Array | Float64Array
}

/**
 * Reads a NumPy array of real numbers (`.npy`, also a member of a `.npz`), format 1.0 to 3.0, either order.
 * @param name what messages call it
 * @throws LabError badInput where it is no such array, or where its size is not what its header says
 */
export function parseNpy(bytes: Uint8Array, name = 'The array'): NpyArray {
  const header = parseNpyHeader(bytes.subarray(0, headerBytes(bytes, name)), bytes.length, name)
  const { shape, type, little, firstFastest, dataOffset } = header
  const stored = decodeNumbers(new Uint8Array(bytes.subarray(dataOffset)), type, little)
  return { shape, dtype: type.name, values: firstFastest ? toRowMajor(stored, shape) : stored }
}

/** Numbers whose neighbours differ in the first index as numbers whose neighbours differ in the last. */
export function toRowMajor<T extends Float32Array | Float64Array>(stored: T, shape: readonly number[]): T {
  const values = stored.slice() as T
  const at = shape.map(() => 0)
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1))
  for (const value of stored) {
    values[at.reduce((sum, index, axis) => sum + index * steps[axis], 0)] = value
    for (let axis = 0; axis < shape.length && ++at[axis] === shape[axis]; axis++) at[axis] = 0
  }
  return values
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
