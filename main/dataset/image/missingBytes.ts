import { gifSize } from './gif/gifFrame.ts'
import type { ReadableFormat } from './imageFormat.ts'
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

/** Looks for the end of image after the first start of scan. */
function jpegSize(view: DataView): number {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  let at = 2
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const marker = bytes[at + 1]
    if (marker === 0xff) at += 1
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2
    else at += 2 + view.getUint16(at + 2)
  }
  for (let i = bytes.indexOf(0xff, at); i >= 0 && i + 1 < bytes.length; i = bytes.indexOf(0xff, i + 1)) {
    if (bytes[i + 1] === 0xd9) return i + 2
  }
  return Number.NaN
}

/** End of the last strip or tile. */
function tiffSize(view: DataView): number {
  const directory = firstDirectory(view)
  if (directory === null) return Number.NaN
  const offsets = directory.numbers(273) ?? directory.numbers(324) ?? []
  const sizes = directory.numbers(279) ?? directory.numbers(325) ?? []
  return offsets.reduce((end, offset, i) => Math.max(end, offset + (sizes[i] ?? 0)), 0)
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
