/** A type of real numbers as files hold them. */
export interface NumberType {
  name: string
  itemBytes: number
  /** From pixels as whole numbers without sign to [0, 1]; 1 for all others. */
  scale: number
  read(view: DataView, at: number, little: boolean): number
}

const type = (
  name: string,
  itemBytes: number,
  read: (view: DataView, at: number, little: boolean) => number,
  scale = 1,
): NumberType => ({ name, itemBytes, scale, read })

/** Every type of real numbers that any format here knows, by the name that NumPy gives it. */
export const numberTypes = {
  bool: type('bool', 1, (view, at) => Number(view.getUint8(at) !== 0)),
  int8: type('int8', 1, (view, at) => view.getInt8(at)),
  uint8: type('uint8', 1, (view, at) => view.getUint8(at), 1 / 255),
  int16: type('int16', 2, (view, at, little) => view.getInt16(at, little)),
  uint16: type('uint16', 2, (view, at, little) => view.getUint16(at, little), 1 / 65_535),
  int32: type('int32', 4, (view, at, little) => view.getInt32(at, little)),
  uint32: type('uint32', 4, (view, at, little) => view.getUint32(at, little)),
  int64: type('int64', 8, (view, at, little) => Number(view.getBigInt64(at, little))),
  uint64: type('uint64', 8, (view, at, little) => Number(view.getBigUint64(at, little))),
  float16: type('float16', 2, (view, at, little) => half(view.getUint16(at, little))),
  bfloat16: type('bfloat16', 2, (view, at, little) => brainFloat(view.getUint16(at, little))),
  float32: type('float32', 4, (view, at, little) => view.getFloat32(at, little)),
  float64: type('float64', 8, (view, at, little) => view.getFloat64(at, little)),
} as const satisfies Record<string, NumberType>

/** @see IEEE 754-2019, binary16 */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const word = new DataView(new ArrayBuffer(4))

/** The upper half of a float32. */
function brainFloat(bits: number): number {
  word.setUint32(0, bits * 0x10000)
  return word.getFloat32(0)
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/**
 * Bytes as numbers, as exactly as float32 or, for wider types, float64 holds them. Whole numbers beyond 2⁵³ lose
 * their last digits.
 * @param bytes a whole number of items; read only
 */
export function decodeNumbers(
  bytes: Uint8Array,
  type: NumberType,
  little: boolean,
): Float32Array | Float64Array {
  const count = bytes.length / type.itemBytes
  if (little === isLittleEndian && (type === numberTypes.float32 || type === numberTypes.float64)) {
    // A Buffer’s own `slice` is no copy.
    const own = bytes.byteOffset % type.itemBytes === 0 ? bytes : new Uint8Array(bytes)
    return type === numberTypes.float32
      ? new Float32Array(own.buffer, own.byteOffset, count)
      : new Float64Array(own.buffer, own.byteOffset, count)
  }
  if (type === numberTypes.uint8) return Float32Array.from(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isExact = type.itemBytes < 4 || type === numberTypes.float32
  const values = isExact ? new Float32Array(count) : new Float64Array(count)
  for (let i = 0; i < count; i++) values[i] = type.read(view, i * type.itemBytes, little)
  return values
}
