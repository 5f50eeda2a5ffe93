import { LabError } from '#shared/domain/labError.ts'
import { numberTypes, type NumberType } from '../array/numberTypes.ts'

export interface NpyHeader {
  shape: number[]
  type: NumberType
  little: boolean
  /** Fortran order: neighbours differ in the first index. */
  firstFastest: boolean
  /** Where the values start. */
  dataOffset: number
}

/** Bytes that tell how long the header is. */
export const preambleBytes = 12
const longestHeader = 65_536

const bad = (message: string) => new LabError('badInput', message)

/**
 * Bytes up to where the values start.
 * @param start at least the first 12 bytes of the file, if it has so many
 */
export function headerBytes(start: Uint8Array, name: string): number {
  const magic = String.fromCharCode(...start.subarray(0, 6))
  if (magic !== '\x93NUMPY' || start.length < preambleBytes) {
    throw bad(`${name} is not a NumPy array. Write it with numpy.save.`)
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  const version = start[6]
  if (version < 1 || version > 3) {
    throw bad(`${name} is a NumPy array of format ${version}, which is not known. Write it with numpy.save.`)
  }
  const length = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true)
  if (length > longestHeader) throw bad(`${name} has a damaged header. Write it again with numpy.save.`)
  return length
}

/**
 * @param header the bytes up to the values
 * @param sizeBytes of the whole file; it must be exactly what the header promises
 */
export function parseNpyHeader(header: Uint8Array, sizeBytes: number, name: string): NpyHeader {
  const dataOffset = headerBytes(header, name)
  if (header.length < dataOffset) throw bad(`${name} ends early, inside its header. Copy it again.`)
  const text = Buffer.from(header.subarray(header[6] === 1 ? 10 : 12, dataOffset)).toString('latin1')
  const descr = entryOf(text, 'descr', /('[^']*'|\[)/y)
  const order = entryOf(text, 'fortran_order', /(True|False)/y)
  const shape = parseShape(text)
  if (descr === undefined || order === undefined || shape === null) {
    throw bad(`${name} has a damaged header. Write it again with numpy.save.`)
  }
  const { type, little } = parseType(descr, name)
  const expected = dataOffset + type.itemBytes * shape.reduce((product, length) => product * length, 1)
  if (sizeBytes < expected) {
    throw bad(`${name} ends early: ${sizeBytes} of ${expected} bytes. Copy it again.`)
  }
  if (sizeBytes > expected) {
    throw bad(`${name} has ${sizeBytes} bytes where its header promises ${expected}. Save one array in it.`)
  }
  return { shape, type, little, firstFastest: order === 'True' && shape.length > 1, dataOffset }
}

/** Shape and type as the start of any NumPy array says them, readable here or not; null where it is none. */
export function peekNpyHeader(start: Uint8Array): { shape: number[]; type: string } | null {
  const text = Buffer.from(start.subarray(0, longestHeader)).toString('latin1')
  const kind = entryOf(text, 'descr', /'[<>=|]?([a-zA-Z]\d*)/y)
  const shape = parseShape(text)
  if (!text.startsWith('\x93NUMPY') || shape === null) return null
  return { shape, type: kind === undefined ? 'records' : typeName(kind) }
}

/** What stands at a key of the dictionary, as the first group of `value` has it; a header is gone through once. */
function entryOf(text: string, key: string, value: RegExp): string | undefined {
  const at = text.indexOf(`'${key}'`)
  if (at < 0) return undefined
  const colon = /\s*:\s*/y
  colon.lastIndex = at + key.length + 2
  if (!colon.test(text)) return undefined
  value.lastIndex = colon.lastIndex
  return value.exec(text)?.[1]
}

function parseShape(text: string): number[] | null {
  const inner = entryOf(text, 'shape', /\(([^)]*)\)/y)
  if (inner === undefined) return null
  const lengths = inner
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return lengths.every((length) => /^\d{1,15}L?$/.test(length))
    ? lengths.map((length) => Number.parseInt(length, 10))
    : null
}

function parseType(descr: string, name: string): { type: NumberType; little: boolean } {
  const [, endian, kind] = /^'([<>=|]?)([a-zA-Z]\d*)/.exec(descr) ?? []
  const type = kind === undefined ? undefined : typesByKind[kind]
  if (type) return { type, little: endian !== '>' }
  if (kind?.startsWith('O')) {
    throw bad(`${name} holds pickled Python objects, which are not opened. Save it as X.astype('float32').`)
  }
  const what = kind === undefined ? 'records' : `values of type ${typeName(kind)}`
  const mend = kind?.startsWith('c') ? 'Save their real part: X.real' : "Save it as X.astype('float32')"
  throw bad(`${name} holds ${what}, not real numbers. ${mend}.`)
}

const typesByKind: Record<string, NumberType | undefined> = {
  b1: numberTypes.bool,
  i1: numberTypes.int8,
  i2: numberTypes.int16,
  i4: numberTypes.int32,
  i8: numberTypes.int64,
  u1: numberTypes.uint8,
  u2: numberTypes.uint16,
  u4: numberTypes.uint32,
  u8: numberTypes.uint64,
  f2: numberTypes.float16,
  f4: numberTypes.float32,
  f8: numberTypes.float64,
}
const otherTypes: Record<string, string> = { f16: 'longdouble', c8: 'complex64', c16: 'complex128' }
const typeName = (kind: string): string => typesByKind[kind]?.name ?? otherTypes[kind] ?? kind

/** A header of format 1.0, padded so that the values start at a multiple of 64 bytes. */
export function formatNpyHeader(shape: readonly number[], descr: string): Uint8Array {
  const lengths = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${lengths}), }`
  const preamble = 10
  const length = Math.ceil((preamble + dictionary.length + 1) / 64) * 64
  const header = Buffer.alloc(length, ' ')
  header.write('\x93NUMPY\x01\x00', 'latin1')
  header.writeUInt16LE(length - preamble, 8)
  header.write(dictionary, preamble, 'latin1')
  header.write('\n', length - 1)
  return header
}
