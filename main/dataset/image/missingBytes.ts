import { pnmSize } from './decodePnm.ts'
import { gifSize } from './gif/gifFrame.ts'
import type { ReadableFormat } from './imageFormat.ts'
import { findJpegEnd, readJpegHead } from './jpeg/jpegMarkers.ts'
import { firstDirectory } from './tiffDirectory.ts'

/**
 * Whether a file stops before its image does. A decoder may fill what is missing of a JPEG with grey, which would
 * be learnt as if it had been seen.
 * @returns null where the file is whole, else the bytes that it should have at least, or NaN where nothing says so.
 */
export function missingBytes(bytes: Uint8Array, format: ReadableFormat): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const expected = expectedSize[format](view)
  return Number.isNaN(expected) || expected > bytes.length ? expected : null
}

/** Bytes up to the end of the image; NaN where the end is missing and its place unknown. */
const expectedSize: Record<ReadableFormat, (view: DataView) => number> = {
  png: pngSize,
  jpeg: jpegSize,
  webp: (view) => (view.byteLength < 12 ? Number.NaN : 8 + view.getUint32(4, true)),
  tiff: tiffSize,
  bmp: bitmapSize,
  avif: avifSize,
  pnm: (view) => pnmSize(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)),
  gif: (view) => gifSize(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)),
}

/** Walks the chunks to IEND. */
function pngSize(view: DataView): number {
  let at = 8
  while (at + 12 <= view.byteLength) {
    const next = at + 12 + view.getUint32(at)
    if (view.getUint32(at + 4) === 0x49454e44) return next
    at = next
  }
  return Number.NaN
}

/** Up to the mark of the end behind the compressed data. */
function jpegSize(view: DataView): number {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  return findJpegEnd(bytes, readJpegHead(bytes)?.scanAt ?? 2).end
}

/** End of the last strip or tile. */
function tiffSize(view: DataView): number {
  const directory = firstDirectory(view)
  if (directory === null) return Number.NaN
  const offsets = directory.numbers(273) ?? directory.numbers(324) ?? []
  const sizes = directory.numbers(279) ?? directory.numbers(325) ?? []
  return offsets.reduce((end, offset, i) => Math.max(end, offset + (sizes[i] ?? 0)), 0)
}

/** End of the last box. */
function avifSize(view: DataView): number {
  let at = 0
  while (at + 8 <= view.byteLength) {
    const size = view.getUint32(at)
    if (size === 0) return view.byteLength
    if (size === 1 || size < 8) return size === 1 ? view.byteLength : Number.NaN
    at += size
  }
  return at >= view.byteLength ? at : Number.NaN
}

/** From the header's own numbers; compressed bitmaps name the size of their pixels. */
function bitmapSize(view: DataView): number {
  if (view.byteLength < 54 || view.getUint32(14, true) < 40) return view.byteLength < 26 ? Number.NaN : 0
  const offset = view.getUint32(10, true)
  const compression = view.getUint32(30, true)
  if (compression !== 0 && compression !== 3) return offset + view.getUint32(34, true)
  const rowBytes = Math.ceil((view.getInt32(18, true) * view.getUint16(28, true)) / 32) * 4
  return offset + rowBytes * Math.abs(view.getInt32(22, true))
}
