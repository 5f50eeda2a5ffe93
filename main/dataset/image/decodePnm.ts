import { LabError } from '#shared/domain/labError.ts'
import type { Decoded } from './decoded.ts'
import type { ImageHeader } from './imageHeader.ts'
import { damaged, endsEarly } from './rows/lines.ts'

interface PnmHeader extends ImageHeader {
  /** Of a pixel. */
  samples: Decoded['samples']
  /** The sample that is white; of bits 1, where 1 is black. */
  largest: number
  isText: boolean
  isBits: boolean
  /** Where the samples begin. */
  start: number
}

/** Blanks, and comments up to the end of their line. */
function skipBlanks(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length) {
    if (bytes[at] === 0x23) while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at += 1
    else if (bytes[at] === 0x20 || (bytes[at] >= 9 && bytes[at] <= 13)) at += 1
    else break
  }
  return at
}

/** @returns a whole number and where it ends; NaN where there is none */
function wholeAt(bytes: Uint8Array, start: number): [value: number, end: number] {
  let [value, at] = [0, start]
  for (; at < bytes.length && bytes[at] >= 0x30 && bytes[at] <= 0x39; at++)
    value = value * 10 + bytes[at] - 0x30
  return [at === start || value > 1e9 ? Number.NaN : value, at]
}

const textOf = (bytes: Uint8Array) => String.fromCharCode(...bytes)

/** @returns null where the header is cut off or makes no sense */
export function readPnmHeader(bytes: Uint8Array): PnmHeader | null {
  const kind = bytes[1] - 0x30
  if (kind === 7) return readPamHeader(bytes)
  const isBits = kind === 1 || kind === 4
  const numbers: number[] = []
  let at = 2
  while (numbers.length < (isBits ? 2 : 3)) {
    const [value, end] = wholeAt(bytes, skipBlanks(bytes, at))
    if (Number.isNaN(value)) return null
    numbers.push(value)
    at = end
  }
  const [width, height, largest = 1] = numbers
  if (width === 0 || height === 0 || largest === 0 || largest > 65_535) return null
  return {
    width,
    height,
    largest,
    isBits,
    samples: kind === 3 || kind === 6 ? 3 : 1,
    isText: kind <= 3,
    start: at + 1,
  }
}

/** P7: a line for each of its facts. */
function readPamHeader(bytes: Uint8Array): PnmHeader | null {
  const text = textOf(bytes.subarray(0, 1024))
  const end = text.indexOf('ENDHDR\n')
  const fact = (name: string) => Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(text)?.[1])
  const [width, height, depth, largest] = [fact('WIDTH'), fact('HEIGHT'), fact('DEPTH'), fact('MAXVAL')]
  if (end < 0 || !(width > 0 && height > 0 && largest > 0 && largest <= 65_535 && depth >= 1 && depth <= 4))
    return null
  const samples = depth as Decoded['samples']
  return { width, height, largest, samples, isText: false, isBits: false, start: end + 7 }
}

/** Bytes up to the end of the image, as far as the header tells; NaN without one. */
export function pnmSize(bytes: Uint8Array): number {
  const header = readPnmHeader(bytes)
  if (header === null) return Number.NaN
  const { width, height, samples, largest, isText, isBits, start } = header
  if (isText) return start
  return start + height * (isBits ? Math.ceil(width / 8) : width * samples * (largest > 255 ? 2 : 1))
}

/**
 * PBM, PGM, PPM (as text or binary) and PAM, 8 and 16 bits; of a file with several images the first.
 * @throws LabError badInput where it is damaged or cut short
 */
export function decodePnm(bytes: Uint8Array): Decoded {
  const header = readPnmHeader(bytes)
  if (header === null) throw damaged()
  const { width, height, samples, largest, isText, isBits, start } = header
  const count = width * height * samples
  const full = largest > 255 ? 65_535 : 255
  const isFull = isBits || largest === full
  const values = !isFull
    ? new Float32Array(count)
    : full > 255
      ? new Uint16Array(count)
      : new Uint8Array(count)
  const put = (i: number, value: number) => {
    if (value > largest)
      throw new LabError('badInput', 'The file is damaged: a value is larger than its largest.')
    values[i] = isBits ? (value === 0 ? 255 : 0) : isFull ? value : value / largest
  }
  if (isText) readText(bytes, start - 1, count, isBits, put)
  else if (isBits) {
    const rowBytes = Math.ceil(width / 8)
    for (let i = 0; i < count; i++) {
      const [y, x] = [Math.floor(i / width), i % width]
      put(i, (bytes[start + y * rowBytes + (x >> 3)] >> (7 - (x & 7))) & 1)
    }
  } else if (largest > 255) {
    for (let i = 0; i < count; i++) put(i, (bytes[start + 2 * i] << 8) | bytes[start + 2 * i + 1])
  } else for (let i = 0; i < count; i++) put(i, bytes[start + i])
  return { width, height, samples, values }
}

/** @param isBits digits need no blanks between them */
function readText(
  bytes: Uint8Array,
  start: number,
  count: number,
  isBits: boolean,
  put: (i: number, value: number) => void,
): void {
  let at = start
  for (let i = 0; i < count; i++) {
    at = skipBlanks(bytes, at)
    if (at >= bytes.length) throw endsEarly()
    const [value, end] = isBits ? [bytes[at] - 0x30, at + 1] : wholeAt(bytes, at)
    if (!(value >= 0)) throw damaged()
    put(i, value)
    at = end
  }
}
