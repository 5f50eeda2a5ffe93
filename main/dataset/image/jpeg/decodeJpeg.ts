import { createRequire } from 'node:module'
import { LabError } from '#shared/domain/labError.ts'
import type { Decoded } from '../decoded.ts'
import { decodeNative } from '../nativeDecoder.ts'
import { findJpegEnd, readJpegHead, type JpegHead } from './jpegMarkers.ts'

type Turbo = typeof import('@julusian/jpeg-turbo')

/** More would be gone through for hours; encoders make about ten. */
const mostScans = 500
/** Of bytes without a meaning behind the compressed data, so many at most are looked for. */
const mostPadding = 65_536
/**
 * libjpeg-turbo is asked for its fast transform by the binding, which is off by a level or two of 255; where coefficients
 * are kept to one, by up to twelve in photographs: then it only says whether the file is whole.
 */
const finestForTurbo = 2
/** Frames of Huffman or arithmetic coding, sequential or progressive. */
const usualFrames = [0xc0, 0xc1, 0xc2, 0xc9, 0xca]

let turbo: Turbo | null | undefined

/** libjpeg-turbo; null where there is no build of it for this machine. */
function loadTurbo(): Turbo | null {
  if (turbo !== undefined) return turbo
  try {
    turbo = createRequire(import.meta.url)('@julusian/jpeg-turbo') as Turbo
  } catch {
    turbo = null
  }
  return turbo
}

/**
 * Decodes a JPEG straight to grey (its own Y, Rec. 601 luma before it is cut to the range of colours) or RGB.
 * @param bytes  a whole file
 * @param memory where samples may be put
 * @returns null where it is of a kind that only another decoder knows (CMYK, 12 bits)
 * @throws LabError badInput where the compressed data is damaged
 */
export function decodeJpeg(
  bytes: Uint8Array,
  channels: 1 | 3,
  memory: (sizeBytes: number) => Uint8Array = (sizeBytes) => new Uint8Array(sizeBytes),
): Decoded | null {
  const head = readJpegHead(bytes)
  const decoder = loadTurbo()
  if (head === null || decoder === null || head.precision !== 8 || head.components > 3) return null
  if (!usualFrames.includes(head.frame)) return null
  const { width, height, scanAt } = head
  const { end, scans } = findJpegEnd(bytes, scanAt)
  if (scans > mostScans) throw damaged()
  const samples = head.components === 1 ? 1 : channels
  const format = samples === 1 ? decoder.FORMAT_GRAY : decoder.FORMAT_RGB
  /** @returns whether there was nothing to complain about */
  const decode = (file: Uint8Array, values: Uint8Array): boolean => {
    try {
      decoder.decompressSync(asBuffer(file), asBuffer(values), { format })
      return true
    } catch (error) {
      // It names what is wrong with a header, but nothing behind that.
      if (error instanceof Error && error.message === 'No error') return false
      throw error
    }
  }
  const clean = withoutJunk(bytes, head)
  const values = memory(width * height * samples)
  try {
    if (!decode(clean, values) && !isMerelyPadded(clean, end - bytes.length, values, decode)) throw damaged()
  } catch (error) {
    if (error instanceof LabError) throw error
    return null
  }
  return head.finest < finestForTurbo ? decodeNative(clean, 'jpeg') : { width, height, samples, values }
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength)

/** The decoder complains about bytes between segments. */
function withoutJunk(bytes: Uint8Array, { hasJunk, segments, scanAt }: JpegHead): Uint8Array {
  return hasJunk ? Buffer.concat([...segments, bytes.subarray(scanAt)]) : bytes
}

/**
 * Whether nothing is wrong with an image but bytes without a meaning behind its compressed data, as some cameras leave
 * them. As many as can be left out and leave every pixel as it is are left out: then there must be no complaint.
 * @param behind 0, or less by what follows the mark of the end
 * @param values what was decoded
 */
function isMerelyPadded(
  bytes: Uint8Array,
  behind: number,
  values: Uint8Array,
  decode: (file: Uint8Array, values: Uint8Array) => boolean,
): boolean {
  const mark = bytes.length + behind - 2
  const without = (count: number) =>
    Buffer.concat([bytes.subarray(0, mark - count), bytes.subarray(mark, mark + 2)])
  const again = new Uint8Array(values.length)
  const isAsBefore = (count: number) => {
    decode(without(count), again)
    return asBuffer(again).equals(asBuffer(values))
  }
  let [fewest, most] = [0, Math.min(mostPadding, mark >> 1)]
  while (most - fewest > 1) {
    const count = (fewest + most) >> 1
    if (isAsBefore(count)) fewest = count
    else most = count
  }
  return fewest > 0 && decode(without(fewest), again)
}

const damaged = () => new LabError('badInput', 'The file is damaged: it cannot be decoded. Copy it again.')
