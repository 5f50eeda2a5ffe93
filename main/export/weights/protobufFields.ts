/** A field of a protobuf message: a whole number, or bytes (text and inner messages too). */
export interface ProtobufField {
  number: number
  value: number | Uint8Array
}

const varint = 0
const fixed64 = 1
const lengthDelimited = 2
const fixed32 = 5

/**
 * The fields of a protobuf message in their order; every length is held against the bytes that are there.
 * Fields of fixed width are passed over as their bytes.
 * @throws RangeError where the message is cut or is none
 * @see https://protobuf.dev/programming-guides/encoding
 */
export function* protobufFields(bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0

  /** Exact up to 2⁵³; more is no length and no shape. */
  function readVarint(): number {
    let value = 0
    for (let factor = 1; factor <= 2 ** 63; factor *= 128) {
      if (at >= bytes.length) throw new RangeError('A number is cut.')
      const byte = bytes[at++]
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
    throw new RangeError('A number does not end.')
  }

  function take(length: number): Uint8Array {
    if (length > bytes.length - at) throw new RangeError('A field is cut.')
    at += length
    return bytes.subarray(at - length, at)
  }

  while (at < bytes.length) {
    const tag = readVarint()
    const number = Math.floor(tag / 8)
    const type = tag % 8
    if (number === 0) throw new RangeError('There is no field 0.')
    if (type === varint) yield { number, value: readVarint() }
    else if (type === lengthDelimited) yield { number, value: take(readVarint()) }
    else if (type === fixed64) yield { number, value: take(8) }
    else if (type === fixed32) yield { number, value: take(4) }
    else throw new RangeError(`Field ${number} has no known type.`)
  }
}
