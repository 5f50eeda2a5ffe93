import type { ReadableFormat } from './imageFormat.ts'
import { readPnmHeader } from './decodePnm.ts'
import { readJpegHead } from './jpeg/jpegMarkers.ts'
import { isTurned, orientationOf, tiffOrientation } from './orientation.ts'
import { firstDirectory, type TiffDirectory } from './tiffDirectory.ts'

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

/** As the image is looked at; a camera's note that stands behind the bytes is not seen. */
export function readUprightHeader(bytes: Uint8Array, format: ReadableFormat): ImageHeader | null {
  const header = readImageHeader(bytes, format)
  if (header === null || !isTurned(orientationOf(bytes, format))) return header
  return { width: header.height, height: header.width }
}

const readers: Record<ReadableFormat, (view: DataView) => ImageHeader | null> = {
  png: (view) => (view.byteLength < 24 ? null : { width: view.getUint32(16), height: view.getUint32(20) }),
  jpeg: (view) => readJpegHead(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)),
  webp: readWebpHeader,
  tiff: readTiffHeader,
  bmp: readBitmapHeader,
  avif: readAvifHeader,
  pnm: (view) => readPnmHeader(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)),
  gif: (view) =>
    view.byteLength < 13 ? null : { width: view.getUint16(6, true), height: view.getUint16(8, true) },
}

/** The largest of the images that it describes: others are alpha, tiles or thumbnails. */
function readAvifHeader(view: DataView): ImageHeader | null {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength)
  let largest: ImageHeader | null = null
  for (
    let at = bytes.indexOf('ispe');
    at >= 0 && at + 16 <= bytes.length;
    at = bytes.indexOf('ispe', at + 4)
  ) {
    const found = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) }
    if (largest === null || found.width * found.height > largest.width * largest.height) largest = found
  }
  return largest
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

/** A page's size as it is looked at. */
export function tiffHeader(page: TiffDirectory): ImageHeader | null {
  const [width, height] = [page.number(256) ?? 0, page.number(257) ?? 0]
  if (width === 0 || height === 0) return null
  return isTurned(tiffOrientation(page)) ? { width: height, height: width } : { width, height }
}

function readBitmapHeader(view: DataView): ImageHeader | null {
  if (view.byteLength < 26) return null
  if (view.getUint32(14, true) <= 16) {
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) }
  }
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) }
}
