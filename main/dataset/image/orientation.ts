import type { Decoded } from './decoded.ts'
import type { ReadableFormat } from './imageFormat.ts'
import { readJpegHead } from './jpeg/jpegMarkers.ts'
import { firstDirectory, type TiffDirectory } from './tiffDirectory.ts'

const orientationTag = 274

/**
 * How a camera was held, 1 to 8 as TIFF and Exif number it: 1 is upright, from 5 on width and height change places.
 * What is not one of these counts as 1.
 * @param bytes a file, or its start: what is noted behind it is not seen
 */
export function orientationOf(bytes: Uint8Array, format: ReadableFormat): number {
  const notes = findNotes[format]?.(bytes)
  if (!notes || notes.length < 8) return 1
  const view = new DataView(notes.buffer, notes.byteOffset, notes.byteLength)
  const directory = firstDirectory(view)
  return directory === null ? 1 : tiffOrientation(directory)
}

export function tiffOrientation(directory: TiffDirectory): number {
  const noted = directory.number(orientationTag) ?? 1
  return noted >= 1 && noted <= 8 ? noted : 1
}

export const isTurned = (orientation: number): boolean => orientation >= 5

/** Where in a file of each format a TIFF directory with the camera's notes lies. */
const findNotes: Partial<Record<ReadableFormat, (bytes: Uint8Array) => Uint8Array | null>> = {
  jpeg: (bytes) => readJpegHead(bytes)?.exif ?? null,
  tiff: (bytes) => bytes,
  png: (bytes) => chunkOf(bytes, 'eXIf', { start: 8, nameFirst: false, extra: 12 }),
  webp: (bytes) => withoutMark(chunkOf(bytes, 'EXIF', { start: 12, nameFirst: true, extra: 8 })),
}

interface Chunks {
  start: number
  /** RIFF has the name first, then the length, little-endian, and pads to even bytes. */
  nameFirst: boolean
  /** Bytes of a chunk beside its content. */
  extra: number
}

function chunkOf(bytes: Uint8Array, name: string, { start, nameFirst, extra }: Chunks): Uint8Array | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = start; at + 8 <= bytes.length;) {
    const length = nameFirst ? view.getUint32(at + 4, true) : view.getUint32(at)
    const nameAt = nameFirst ? at : at + 4
    if (String.fromCharCode(...bytes.subarray(nameAt, nameAt + 4)) === name)
      return bytes.subarray(at + 8, at + 8 + length)
    at += extra + length + (nameFirst ? length % 2 : 0)
  }
  return null
}

/** Some writers of WebP put JPEG's mark before the notes. */
const withoutMark = (notes: Uint8Array | null) =>
  notes !== null && notes[0] === 0x45 && notes[1] === 0x78 ? notes.subarray(6) : notes

/** Where the pixel (x, y) of the upright image lies in the stored one: base + x · right + y · down. */
function stepsOf(
  orientation: number,
  width: number,
  height: number,
): [base: number, right: number, down: number] {
  const last = width * height - 1
  switch (orientation) {
    case 2:
      return [width - 1, -1, width]
    case 3:
      return [last, -1, -width]
    case 4:
      return [width * (height - 1), 1, -width]
    case 5:
      return [0, width, 1]
    case 6:
      return [width * (height - 1), -width, 1]
    case 7:
      return [last, -width, -1]
    case 8:
      return [width - 1, width, -1]
    default:
      return [0, 1, width]
  }
}

/** So many pixels a side are turned together, so that both images stay in the cache. */
const blockSize = 64

/** The image as it is looked at. */
export function turnUpright(stored: Decoded, orientation: number): Decoded {
  if (orientation === 1) return stored
  const { samples, values } = stored
  const [width, height] = isTurned(orientation)
    ? [stored.height, stored.width]
    : [stored.width, stored.height]
  const [base, right, down] = stepsOf(orientation, stored.width, stored.height)
  const upright = new (values.constructor as new (length: number) => typeof values)(values.length)
  for (let top = 0; top < height; top += blockSize) {
    const bottom = Math.min(height, top + blockSize)
    for (let left = 0; left < width; left += blockSize) {
      const end = Math.min(width, left + blockSize)
      for (let y = top; y < bottom; y++) {
        let to = (y * width + left) * samples
        let from = (base + left * right + y * down) * samples
        for (let x = left; x < end; x++, from += right * samples) {
          for (let k = 0; k < samples; k++) upright[to++] = values[from + k]
        }
      }
    }
  }
  return { width, height, samples, values: upright }
}
