import { formatNpyHeader } from '#main/dataset/npy/npyHeader.ts'

type Values = Float32Array | Float64Array | Int32Array

const typeOf = (values: Values) =>
  values instanceof Float32Array ? '<f4' : values instanceof Float64Array ? '<f8' : '<i4'

/** A NumPy array, as NumPy's save writes it. @param shape its product is the number of values */
export function npyFile(shape: readonly number[], values: Values): Uint8Array {
  const header = formatNpyHeader(shape, typeOf(values))
  const bytes = new Uint8Array(header.length + values.byteLength)
  bytes.set(header)
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), header.length)
  return bytes
}

/** Bytes of such a file with these values; the header does not depend on them. */
export const npyFileBytes = (shape: readonly number[], type: '<f4' | '<f8' | '<i4') =>
  formatNpyHeader(shape, type).length +
  shape.reduce((product, length) => product * length, type === '<f8' ? 8 : 4)

/** The values of a file that `npyFile` wrote with this shape, in a buffer of their own; null where it is another. */
export function npyFileValues(
  bytes: Uint8Array,
  shape: readonly number[],
  type: '<f4' | '<f8' | '<i4',
): ArrayBuffer | null {
  const header = formatNpyHeader(shape, type)
  if (bytes.length !== npyFileBytes(shape, type)) return null
  if (Buffer.compare(header, bytes.subarray(0, header.length)) !== 0) return null
  return Uint8Array.from(bytes.subarray(header.length)).buffer
}
