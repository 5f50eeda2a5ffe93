/** The first frame of a GIF file, still packed. */
export interface GifFrame {
  /** Of the canvas that the frame is laid on. */
  canvasWidth: number
  canvasHeight: number
  x: number
  y: number
  width: number
  height: number
  /** Lines are stored in four passes: every 8th, every 8th from 4, every 4th from 2, every 2nd from 1. */
  interlaced: boolean
  /** Red, green, blue; shorter than the pixels' values may ask for in a damaged file. */
  palette: Uint8Array
  /** Value of transparent pixels. */
  transparent: number | null
  minimumCodeBits: number
  /** The packed pixels, in pieces. */
  pieces: Uint8Array[]
}

const extension = 0x21
const graphicControl = 0xf9
const imageDescriptor = 0x2c
const trailer = 0x3b

/**
 * Reads a GIF's blocks up to its first frame.
 * @returns null where there is none, or the file ends before it does
 * @see CompuServe, Graphics Interchange Format 89a
 */
export function firstFrame(bytes: Uint8Array): GifFrame | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 13) return null
  const global = paletteAt(bytes, 13, bytes[10])
  let transparent: number | null = null
  let at = 13 + global.length
  while (at < bytes.length && bytes[at] !== trailer) {
    if (bytes[at] === extension) {
      if (bytes[at + 1] === graphicControl && bytes[at + 2] >= 4) {
        transparent = (bytes[at + 3] & 1) === 1 ? bytes[at + 6] : null
      }
      at = afterPieces(bytes, at + 2)
    } else if (bytes[at] === imageDescriptor && at + 10 < bytes.length) {
      const packed = bytes[at + 9]
      const local = paletteAt(bytes, at + 10, packed)
      const start = at + 10 + local.length
      const pieces: Uint8Array[] = []
      if (afterPieces(bytes, start + 1, pieces) > bytes.length) return null
      return {
        canvasWidth: view.getUint16(6, true),
        canvasHeight: view.getUint16(8, true),
        x: view.getUint16(at + 1, true),
        y: view.getUint16(at + 3, true),
        width: view.getUint16(at + 5, true),
        height: view.getUint16(at + 7, true),
        interlaced: (packed & 0x40) !== 0,
        palette: local.length > 0 ? local : global,
        transparent,
        minimumCodeBits: bytes[start],
        pieces,
      }
    } else return null
  }
  return null
}

/** Bytes up to the trailer, all frames passed over; NaN where it is missing. */
export function gifSize(bytes: Uint8Array): number {
  let at = bytes.length < 13 ? Infinity : 13 + paletteAt(bytes, 13, bytes[10]).length
  while (at < bytes.length) {
    if (bytes[at] === trailer) return at + 1
    if (bytes[at] === extension) at = afterPieces(bytes, at + 2)
    else if (bytes[at] === imageDescriptor && at + 10 < bytes.length) {
      at = afterPieces(bytes, at + 11 + paletteAt(bytes, at + 10, bytes[at + 9]).length)
    } else return Number.NaN
  }
  return Number.NaN
}

/** @param packed the byte that says whether there is one, and how long */
function paletteAt(bytes: Uint8Array, at: number, packed: number): Uint8Array {
  return (packed & 0x80) === 0 ? new Uint8Array(0) : bytes.subarray(at, at + 3 * 2 ** ((packed & 7) + 1))
}

/** Where a chain of pieces ends; past the bytes where it does not. */
function afterPieces(bytes: Uint8Array, start: number, pieces: Uint8Array[] = []): number {
  let at = start
  while (at < bytes.length && bytes[at] !== 0) {
    pieces.push(bytes.subarray(at + 1, at + 1 + bytes[at]))
    at += 1 + bytes[at]
  }
  return at + 1
}
