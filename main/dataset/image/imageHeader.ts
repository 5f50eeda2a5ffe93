import type { ReadableFormat } from './imageFormat.ts'
import { firstDirectory } from './tiffDirectory.ts'

/** What a file's header promises, read without decoding anything. */
export interface ImageHeader {
  width: number
  height: number
}

/**
 * Width and height from the header alone, so that a picture too large is refused before it costs memory.
 * @returns null where the header is cut off or makes no sense.
 */
export function readImageHeader(bytes: Uint8Array, format: ReadableFormat): ImageHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = readers[format](view)
  return header !== null && header.width > 0 && header.height > 0 ? header : null
}

const readers: Record<ReadableFormat, (view: DataView) => ImageHeader | null> = {
  png: (view) => (view.byteLength < 24 ? null : { width: view.getUint32(16), height: view.getUint32(20) }),
  jpeg: readJpegHeader,
  webp: readWebpHeader,
  tiff: readTiffHeader,
  bmp: readBitmapHeader,
  gif: (view) =>
    view.byteLength < 13 ? null : { width: view.getUint16(6, true), height: view.getUint16(8, true) },
}

/** Walks the markers up to the start of frame. */
function readJpegHeader(view: DataView): ImageHeader | null {
  let at = 2
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
    const standsAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
    at += standsAlone ? 2 : 2 + view.getUint16(at + 2)
  }
  return null
}

function readWebpHeader(view: DataView): ImageHeader | null {
  if (view.byteLength < 30) return null
  const chunk = view.getUint32(12)
  if (chunk === 0x56503820) {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  }
  if (chunk === 0x5650384c) {
    const bits = view.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (chunk !== 0x56503858) return null
  const size = (at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16) + 1
  return { width: size(24), height: size(27) }
}

function readTiffHeader(view: DataView): ImageHeader | null {
  const directory = firstDirectory(view)
  const width = directory?.number(256)
  const height = directory?.number(257)
  return width === undefined || height === undefined ? null : { width, height }
}

function readBitmapHeader(view: DataView): ImageHeader | null {
  if (view.byteLength < 26) return null
  if (view.getUint32(14, true) <= 16) {
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) }
  }
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) }
}
