/** What stands before a JPEG's compressed data. */
export interface JpegHead {
  width: number
  height: number
  /** The marker that says how it is coded. */
  frame: number
  /** Bits of a sample. */
  precision: number
  components: number
  /** Of the first marker with compressed data behind it. */
  scanAt: number
  /** The least number that coefficients were divided by. */
  finest: number
  /** Where the notes of a camera lie, as a TIFF file. */
  exif: Uint8Array | null
  /** Marker segments from the start up to the scan, each from its 0xff to its end. */
  segments: Uint8Array[]
  /** Bytes that belong to no segment lie between them. */
  hasJunk: boolean
}

const startOfScan = 0xda
const endOfImage = 0xd9
const [restart0, startOfImage] = [0xd0, 0xd8]
const app1 = 0xe1
const quantisation = 0xdb

const standsAlone = (marker: number) => marker === 0x01 || (marker >= restart0 && marker <= startOfImage)
/** Of frames, but for tables and extensions that have numbers among theirs. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/**
 * Walks a JPEG's markers up to its compressed data; bytes that belong to none are passed over, as other readers do.
 * @param bytes  a file, or its start
 * @returns null where it has no frame; `scanAt` is NaN where the bytes end before the compressed data
 */
export function readJpegHead(bytes: Uint8Array): JpegHead | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const head: JpegHead = {
    width: 0,
    height: 0,
    frame: 0,
    precision: 0,
    components: 0,
    scanAt: Number.NaN,
    finest: Infinity,
    exif: null,
    segments: [bytes.subarray(0, 2)],
    hasJunk: false,
  }
  for (let at = 2; ;) {
    const next = bytes.indexOf(0xff, at)
    if (next < 0 || next + 1 >= bytes.length) break
    head.hasJunk ||= next > at
    const marker = bytes[next + 1]
    if (marker === 0xff) at = next + 1
    else if (marker === 0) {
      head.hasJunk = true
      at = next + 2
    } else if (standsAlone(marker)) at = next + 2
    else if (marker === endOfImage) break
    else {
      if (next + 4 > bytes.length) break
      const end = next + 2 + view.getUint16(next + 2)
      if (isFrame(marker)) {
        if (next + 10 > bytes.length) break
        head.frame = marker
        head.precision = view.getUint8(next + 4)
        head.height = view.getUint16(next + 5)
        head.width = view.getUint16(next + 7)
        head.components = view.getUint8(next + 9)
      }
      if (marker === quantisation)
        head.finest = Math.min(head.finest, finestOf(bytes.subarray(next + 4, end)))
      if (marker === app1 && head.exif === null && isExif(bytes, next + 4))
        head.exif = bytes.subarray(next + 10, end)
      if (marker === startOfScan) {
        head.scanAt = next
        break
      }
      head.segments.push(bytes.subarray(next, end))
      at = end
    }
  }
  return head.components === 0 ? null : head
}

/** Of tables of 64 numbers, 8 or 16 bits each. */
function finestOf(tables: Uint8Array): number {
  let finest = Infinity
  for (let at = 0; at < tables.length;) {
    const size = tables[at] >> 4 === 0 ? 1 : 2
    for (let k = at + 1; k < at + 1 + 64 * size && k < tables.length; k += size) {
      finest = Math.min(finest, size === 1 ? tables[k] : (tables[k] << 8) | (tables[k + 1] ?? 0))
    }
    at += 1 + 64 * size
  }
  return finest
}

const exifMark = 'Exif\0\0'
const isExif = (bytes: Uint8Array, at: number) =>
  Array.from(exifMark).every((letter, i) => bytes[at + i] === letter.charCodeAt(0))

/**
 * Where the image ends, and how often compressed data begins in it.
 * @param scanAt as the head says
 * @returns `end` is NaN where the mark of the end is missing
 */
export function findJpegEnd(bytes: Uint8Array, scanAt: number): { end: number; scans: number } {
  let scans = 0
  for (let at = bytes.indexOf(0xff, scanAt); at >= 0 && at + 1 < bytes.length;) {
    const marker = bytes[at + 1]
    if (marker === endOfImage) return { end: at + 2, scans }
    if (marker === startOfScan) scans += 1
    at = bytes.indexOf(0xff, at + 1)
  }
  return { end: Number.NaN, scans }
}
