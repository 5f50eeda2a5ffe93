import type { FileHandle } from 'node:fs/promises'
import { readAt } from '../../readAt.ts'

export interface TiffTags {
  littleEndian: boolean
  /** Values of a tag of whole numbers; none where it is missing. */
  numbers(tag: number): readonly number[]
}

const sizeOfType: Record<number, number> = { 1: 1, 3: 2, 4: 4 }
const mostEntries = 4096
/** Of where strips lie and how long they are; what is said of an image takes few. */
const mostValues = 2 ** 22
const longTags = new Set([273, 279])
const fewValues = 64

/** The first directory of a TIFF file, wherever in the file it lies; null where it cannot be read. */
export async function readTiffTags(handle: FileHandle): Promise<TiffTags | null> {
  const start = viewOf(await readAt(handle, 0, 8))
  if (start.byteLength < 8) return null
  const littleEndian = start.getUint8(0) === 0x49
  const at = start.getUint32(4, littleEndian)
  const head = viewOf(await readAt(handle, at, 2))
  if (head.byteLength < 2) return null
  const entries = head.getUint16(0, littleEndian)
  if (entries > mostEntries) return null
  const directory = viewOf(await readAt(handle, at + 2, entries * 12))
  if (directory.byteLength < entries * 12) return null
  const tags = new Map<number, number[]>()
  for (let entry = 0; entry < entries; entry++) {
    const tag = directory.getUint16(entry * 12, littleEndian)
    const size = sizeOfType[directory.getUint16(entry * 12 + 2, littleEndian)]
    const count = directory.getUint32(entry * 12 + 4, littleEndian)
    const limit = longTags.has(tag) ? mostValues : fewValues
    // A tag that comes again would be read again, as often as there are entries.
    if (size === undefined || count > limit || tags.has(tag)) continue
    const values =
      size * count <= 4
        ? new DataView(directory.buffer, directory.byteOffset + entry * 12 + 8, 4)
        : viewOf(await readAt(handle, directory.getUint32(entry * 12 + 8, littleEndian), size * count))
    if (values.byteLength < size * count) return null
    tags.set(
      tag,
      Array.from({ length: count }, (_, k) => {
        if (size === 1) return values.getUint8(k)
        return size === 2 ? values.getUint16(2 * k, littleEndian) : values.getUint32(4 * k, littleEndian)
      }),
    )
  }
  return { littleEndian, numbers: (tag) => tags.get(tag) ?? [] }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
