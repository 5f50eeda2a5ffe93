import { constants, inflateSync } from 'node:zlib'
import { LabError } from '#shared/domain/labError.ts'
import { arrayClasses, elementTypes, matHeaderBytes, matVersion, padded } from './matElements.ts'

/** An array of a MAT-file; its values are not read yet. */
export interface MatVariable {
  name: string
  arrayClass: number
  /** At least two lengths. */
  dims: number[]
  complex: boolean
  /** True and false, stored as bytes. */
  isLogical: boolean
  /** Of `content`, as the file says; to be judged before it is unpacked. */
  sizeBytes: number
  /** The whole matrix element without its tag, unpacked. @throws LabError badInput */
  content(): Uint8Array
  /** Where the values' own element starts in `content`. */
  valuesAt: number
}

// Flags, dimensions and a name: of the usual length, then of any. A packed byte can become a thousand.
const peekBytes = [128, 1024]
/** Tags, flags, 32 lengths and a name. */
const enoughBytes = 512
/** Each is unpacked a little to be listed. */
const mostElements = 4096

export const damagedMat = (file: string, cause?: unknown) =>
  new LabError(
    'badInput',
    `${file} is damaged or no MAT-file of version 5. Save it again with save('-v7').`,
    {
      cause,
    },
  )

/** What the first bytes say: version 5, the newer HDF5 form, or none of them. */
export function matKind(bytes: Uint8Array): 'version 5' | 'version 7.3' | null {
  const words = Buffer.from(bytes.subarray(0, 20)).toString('latin1')
  if (words.startsWith('MATLAB 7.3')) return 'version 7.3'
  return words.startsWith('MATLAB 5.0') ? 'version 5' : null
}

/**
 * The variables of a MAT-file of version 5, by name; nothing is unpacked but the starts of compressed ones.
 * @param file what messages call it
 * @throws LabError badInput where it is damaged
 */
export function listMatVariables(bytes: Uint8Array, file: string): Map<string, MatVariable> {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (view.getUint16(126, true) !== 0x4d49 || view.getUint16(124, true) !== matVersion) {
      throw new LabError(
        'badInput',
        `${file} was written by a machine of the other byte order. Save it again on this one.`,
      )
    }
    const variables = new Map<string, MatVariable>()
    let elements = 0
    for (let at = matHeaderBytes; at < bytes.length;) {
      if (++elements > mostElements) {
        throw new LabError(
          'badInput',
          `${file} holds more than ${mostElements} arrays. Save the one that is needed.`,
        )
      }
      const tag = readTag(bytes, at, file)
      const packed = bytes.subarray(tag.start, tag.end)
      const variable =
        tag.type === elementTypes.compressed
          ? compressedVariable(packed, file)
          : tag.type === elementTypes.matrix
            ? describe(packed, packed.length, () => packed, file)
            : null
      if (variable) variables.set(variable.name, variable)
      // A compressed element is not padded.
      at = tag.type === elementTypes.compressed ? tag.end : tag.next
    }
    return variables
  } catch (error) {
    throw error instanceof RangeError ? damagedMat(file, error) : error
  }
}

function compressedVariable(packed: Uint8Array, file: string): MatVariable | null {
  const peeked = (length: number) =>
    inflate(packed.subarray(0, length), { finishFlush: constants.Z_SYNC_FLUSH }, file)
  const few = peeked(peekBytes[0])
  const start = few.length < enoughBytes ? peeked(peekBytes[1]) : few
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  if (view.getUint32(0, true) !== elementTypes.matrix) return null
  const sizeBytes = view.getUint32(4, true)
  const content = () => {
    const unpacked = inflate(packed, { maxOutputLength: 8 + sizeBytes }, file)
    if (unpacked.length !== 8 + sizeBytes) throw damagedMat(file)
    return unpacked.subarray(8)
  }
  return describe(start.subarray(8), sizeBytes, content, file)
}

function inflate(packed: Uint8Array, options: Parameters<typeof inflateSync>[1], file: string): Uint8Array {
  try {
    const bytes = inflateSync(packed, options)
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  } catch (cause) {
    throw damagedMat(file, cause)
  }
}

/** @param start at least the bytes up to the values */
function describe(
  start: Uint8Array,
  sizeBytes: number,
  content: () => Uint8Array,
  file: string,
): MatVariable | null {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  const flags = readTag(start, 0, file)
  const bits = view.getUint32(flags.start, true)
  const arrayClass = bits & 0xff
  // Opaque objects and functions have other parts.
  if (flags.type !== elementTypes.uint32 || arrayClass > arrayClasses.largestNumeric) return null
  const dimsTag = readTag(start, flags.next, file)
  const nameTag = readTag(start, dimsTag.next, file)
  const dims = Array.from({ length: (dimsTag.end - dimsTag.start) / 4 }, (_, k) =>
    view.getInt32(dimsTag.start + 4 * k, true),
  )
  if (dims.length < 2 || dims.length > 32 || dims.some((length) => length < 0) || nameTag.next > sizeBytes) {
    throw damagedMat(file)
  }
  // A real array of numbers or characters is not larger than this; others are never unpacked.
  const mostBytes = nameTag.next + 16 + 8 * dims.reduce((product, length) => product * length, 2)
  const isPlain = arrayClass === arrayClasses.char || arrayClass >= arrayClasses.double
  if (isPlain && sizeBytes > mostBytes) throw damagedMat(file)
  const name = Buffer.from(start.subarray(nameTag.start, nameTag.end)).toString('latin1')
  return {
    name,
    arrayClass,
    dims,
    complex: (bits & 0x800) !== 0,
    isLogical: (bits & 0x200) !== 0,
    sizeBytes,
    content,
    valuesAt: nameTag.next,
  }
}

export interface MatTag {
  type: number
  /** Where its bytes start and end, and where the next element starts. */
  start: number
  end: number
  next: number
}

/** @throws LabError badInput where the element does not lie within the bytes; RangeError where its tag does not */
export function readTag(bytes: Uint8Array, at: number, file: string): MatTag {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const word = view.getUint32(at, true)
  const smallBytes = word >>> 16
  if (smallBytes > 0) {
    if (smallBytes > 4) throw damagedMat(file)
    return { type: word & 0xffff, start: at + 4, end: at + 4 + smallBytes, next: at + 8 }
  }
  const length = view.getUint32(at + 4, true)
  const end = at + 8 + length
  if (end > bytes.length) throw damagedMat(file)
  return { type: word, start: at + 8, end, next: at + 8 + padded(length) }
}
