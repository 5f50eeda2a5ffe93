/** Bytes of a file from a position; fewer where it ends before. */
export interface ByteSource {
  sizeBytes: number
  read(position: number, length: number): Uint8Array
}

export const sourceOfBytes = (bytes: Uint8Array): ByteSource => ({
  sizeBytes: bytes.length,
  read: (position, length) => bytes.subarray(position, position + length),
})

/** An image file directory of a TIFF file. */
export interface TiffDirectory {
  littleEndian: boolean
  /** All values of a tag of whole numbers, or undefined where the tag is missing or unreadable. */
  numbers(tag: number): number[] | undefined
  /** The first value of such a tag. */
  number(tag: number): number | undefined
  /** What a tag holds, as it is. */
  bytes(tag: number): Uint8Array | undefined
}

/** Bytes of a value by its type: whole numbers, bytes without a meaning (7), and of BigTIFF. */
const sizeOfType: Record<number, number> = { 1: 1, 3: 2, 4: 4, 6: 1, 7: 1, 13: 4, 16: 8, 18: 8 }
const mostEntries = 4096
/** More, or a chain that comes back to where it was, is no file of images. */
const mostDirectories = 100_000

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The directories of a TIFF or BigTIFF file, in their order, up to the first that lies outside the file. */
export function* tiffDirectories(source: ByteSource): Generator<TiffDirectory> {
  const start = viewOf(source.read(0, 16))
  if (start.byteLength < 8) return
  const littleEndian = start.getUint8(0) === 0x49
  const isBig = start.getUint16(2, littleEndian) === 43
  if (isBig && start.byteLength < 16) return
  const offsetBytes = isBig ? 8 : 4
  const offsetIn = (view: DataView, at: number) =>
    isBig ? Number(view.getBigUint64(at, littleEndian)) : view.getUint32(at, littleEndian)
  const seen = new Set<number>()
  let at = offsetIn(start, isBig ? 8 : 4)
  while (at > 0 && !seen.has(at) && seen.size < mostDirectories) {
    seen.add(at)
    const countBytes = isBig ? 8 : 2
    const head = viewOf(source.read(at, countBytes))
    if (head.byteLength < countBytes) return
    const entries = isBig ? offsetIn(head, 0) : head.getUint16(0, littleEndian)
    const entryBytes = 4 + 2 * offsetBytes
    if (entries > mostEntries) return
    const view = viewOf(source.read(at + countBytes, entries * entryBytes + offsetBytes))
    if (view.byteLength < entries * entryBytes + offsetBytes) return
    yield directoryOf(source, view, { entries, entryBytes, offsetBytes, littleEndian, offsetIn })
    at = offsetIn(view, entries * entryBytes)
  }
}

interface Entries {
  entries: number
  entryBytes: number
  offsetBytes: number
  littleEndian: boolean
  offsetIn(view: DataView, at: number): number
}

function directoryOf(
  source: ByteSource,
  view: DataView,
  { entries, entryBytes, offsetBytes, littleEndian, offsetIn }: Entries,
): TiffDirectory {
  const find = (tag: number): { size: number; bytes: Uint8Array } | undefined => {
    for (let at = 0; at < entries * entryBytes; at += entryBytes) {
      if (view.getUint16(at, littleEndian) !== tag) continue
      const size = sizeOfType[view.getUint16(at + 2, littleEndian)]
      const length = size === undefined ? Number.NaN : size * offsetIn(view, at + 4)
      const valueAt = at + 4 + offsetBytes
      if (!(length <= source.sizeBytes)) return undefined
      const bytes =
        length <= offsetBytes
          ? new Uint8Array(view.buffer, view.byteOffset + valueAt, length)
          : source.read(offsetIn(view, valueAt), length)
      return bytes.length < length ? undefined : { size, bytes }
    }
    return undefined
  }
  const numbers = (tag: number): number[] | undefined => {
    const found = find(tag)
    if (found === undefined) return undefined
    const { size, bytes } = found
    const values = viewOf(bytes)
    return Array.from({ length: bytes.length / size }, (_, i) => {
      if (size === 1) return values.getUint8(i)
      if (size === 2) return values.getUint16(2 * i, littleEndian)
      if (size === 4) return values.getUint32(4 * i, littleEndian)
      return Number(values.getBigUint64(8 * i, littleEndian))
    })
  }
  return { littleEndian, numbers, number: (tag) => numbers(tag)?.[0], bytes: (tag) => find(tag)?.bytes }
}

/** @returns null where the directory lies outside the bytes. */
export function firstDirectory(view: DataView): TiffDirectory | null {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  for (const directory of tiffDirectories(sourceOfBytes(bytes))) return directory
  return null
}

/** The directories of a file that are images of their own: neither smaller copies of others nor masks. */
export function* tiffPages(source: ByteSource): Generator<TiffDirectory> {
  for (const directory of tiffDirectories(source)) {
    const kind = directory.number(newSubfileType) ?? 0
    if ((kind & 5) === 0) yield directory
  }
}
const newSubfileType = 254
