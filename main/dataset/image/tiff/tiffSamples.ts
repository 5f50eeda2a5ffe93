import { LabError } from '#shared/domain/labError.ts'
import type { Decoded } from '../decoded.ts'
import { damaged } from '../rows/lines.ts'

/** What a sample is. */
export interface SampleKind {
  width: number
  height: number
  samples: number
  bits: number
  isSigned: boolean
  isFloat: boolean
  littleEndian: boolean
  /** 2: samples are differences to the left; 3: the same of the bytes of floats, in planes. */
  predictor: number
}

/** A row of a strip or tile, and where its samples go. */
interface Row {
  row: Uint8Array
  to: number
  /** Pixels that count. */
  count: number
  /** From a pixel's sample to the next pixel's where samples have rows of their own, else 1. */
  step: number
  /** Samples of a pixel in the row. */
  own: number
}

/**
 * All samples of an image, as bytes, as 16-bit numbers, or as floats in [0, 1].
 * @param isIndex they are no brightness but places in a table, and stay as they are
 */
export function samplesOf(
  rows: () => Generator<Row>,
  kind: SampleKind,
  isIndex: boolean,
): { values: Decoded['values']; isScaled: boolean } {
  const { width, height, samples, bits, isSigned, isFloat } = kind
  const length = width * height * samples
  const isByte = !isSigned && !isFloat && [1, 2, 4, 8].includes(bits)
  const isShort = !isSigned && !isFloat && bits === 16
  const values = isByte
    ? new Uint8Array(length)
    : isShort
      ? new Uint16Array(length)
      : new Float32Array(length)
  const scale = isByte && !isIndex ? 255 / (2 ** bits - 1) : 1
  const isPlain = bits === 8 && isByte && kind.predictor !== 2
  for (const { row, to, count, step, own } of rows()) {
    if (isPlain && step === 1) {
      values.set(row.subarray(0, count * own), to)
      continue
    }
    const read = readerOf(row, kind, own)
    if (step > 1) for (let x = 0; x < count; x++) values[to + x * step] = read(x) * scale
    else for (let i = 0; i < count * own; i++) values[to + i] = read(i) * scale
  }
  if (isByte || isShort || isIndex) return { values, isScaled: false }
  return { values, isScaled: intoUnit(values as Float32Array, kind) }
}

/** @returns the number at a place of a row */
function readerOf(row: Uint8Array, kind: SampleKind, own: number): (i: number) => number {
  const { bits, isSigned, isFloat, littleEndian, predictor } = kind
  if (predictor === 3)
    return readerOf(fromPlanes(row, bits / 8, own), { ...kind, littleEndian: false, predictor: 1 }, own)
  if (bits === 8 && !isSigned) {
    const bytes = predictor === 2 ? row.slice() : row
    if (predictor === 2) for (let i = own; i < bytes.length; i++) bytes[i] += bytes[i - own]
    return (i) => bytes[i]
  }
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength)
  const plain = (i: number): number => {
    if (isFloat) {
      if (bits === 16) return fromHalf(view.getUint16(2 * i, littleEndian))
      return bits === 32 ? view.getFloat32(4 * i, littleEndian) : view.getFloat64(8 * i, littleEndian)
    }
    if (bits === 8) return view.getInt8(i)
    if (bits === 16)
      return isSigned ? view.getInt16(2 * i, littleEndian) : view.getUint16(2 * i, littleEndian)
    if (bits === 32)
      return isSigned ? view.getInt32(4 * i, littleEndian) : view.getUint32(4 * i, littleEndian)
    if (bits === 64)
      return Number(isSigned ? view.getBigInt64(8 * i, littleEndian) : view.getBigUint64(8 * i, littleEndian))
    return bitsAt(row, i * bits, bits, isSigned)
  }
  if (predictor !== 2) return plain
  if (bits !== 8 && bits !== 16 && bits !== 32) throw damaged()
  // Differences wrap around.
  const count = row.length / (bits / 8)
  const sums = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const sum = plain(i) + (i < own ? 0 : sums[i - own])
    sums[i] = isSigned ? (sum << (32 - bits)) >> (32 - bits) : sum % 2 ** bits
  }
  return (i) => sums[i]
}

/** Samples of any number of bits, most significant first. */
function bitsAt(row: Uint8Array, start: number, bits: number, isSigned: boolean): number {
  let value = 0
  for (let bit = start; bit < start + bits; bit++)
    value = value * 2 + ((row[bit >> 3] >> (7 - (bit & 7))) & 1)
  return isSigned && value >= 2 ** (bits - 1) ? value - 2 ** bits : value
}

/** Adobe's order for floats: the first bytes of all, then the second ones …, as differences. */
function fromPlanes(row: Uint8Array, size: number, own: number): Uint8Array {
  const sums = row.slice()
  for (let i = own; i < sums.length; i++) sums[i] += sums[i - own]
  const count = row.length / size
  const bytes = new Uint8Array(row.length)
  for (let i = 0; i < count; i++) for (let k = 0; k < size; k++) bytes[i * size + k] = sums[k * count + i]
  return bytes
}

function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/**
 * Floats that lie in [0, 1] stay; unsigned numbers of an odd number of bits are shares of their largest; all others are
 * scaled from the least to the largest.
 * @returns whether they were
 */
function intoUnit(values: Float32Array, { bits, isSigned, isFloat }: SampleKind): boolean {
  if (!isFloat && !isSigned && bits < 32) {
    for (let i = 0; i < values.length; i++) values[i] /= 2 ** bits - 1
    return false
  }
  let [least, largest] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!Number.isFinite(value))
      throw new LabError('badInput', 'It has pixels that are no numbers (NaN or infinite). Fill these first.')
    if (value < least) least = value
    if (value > largest) largest = value
  }
  if (isFloat && least >= 0 && largest <= 1) return false
  const range = largest > least ? largest - least : 1
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - least) / range
  return true
}
