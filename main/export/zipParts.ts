import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipFile {
  name: string
  bytes: Uint8Array
  /** Packed, which is worth it for text alone: weights are noise to a packer. */
  deflated?: boolean
}

const version = 20
const version64 = 45
const utf8Names = 0x800
/** The first of January 1980: the same files give the same bytes whenever they are written. */
const writtenOn = 0x21
/** In a field of 2 or 4 bytes: see the field of 8 bytes elsewhere. */
const elsewhere16 = 0xffff
const elsewhere32 = 0xffffffff

/**
 * A ZIP archive part by part, so that only one of its files is in memory. With ZIP64 where it needs it: from 65,535
 * files or 4 GB on; each of the files is smaller than that.
 * @see PKWARE APPNOTE 4.3
 */
export function* zipParts(files: Iterable<ZipFile>): Generator<Uint8Array> {
  const directory: Uint8Array[] = []
  let at = 0
  for (const { name, bytes, deflated = false } of files) {
    const packed = deflated ? deflateRawSync(bytes) : bytes
    const title = Buffer.from(name)
    const fields = fieldsOf(bytes, packed, deflated, title)
    directory.push(directoryEntry(fields, title, at))
    const head = Buffer.concat([u32(0x04034b50), fields, title])
    yield head
    yield packed
    at += head.length + packed.length
  }
  const entries = Buffer.concat(directory)
  yield entries
  yield endOf(directory.length, entries.length, at)
}

/** What stands before a file and in the directory alike: 26 bytes. */
function fieldsOf(bytes: Uint8Array, packed: Uint8Array, deflated: boolean, title: Buffer): Buffer {
  return Buffer.concat([
    u16(version),
    u16(utf8Names),
    u16(deflated ? 8 : 0),
    u16(0),
    u16(writtenOn),
    u32(crc32(bytes)),
    u32(packed.length),
    u32(bytes.length),
    u16(title.length),
    u16(0),
  ])
}

function directoryEntry(fields: Buffer, title: Buffer, at: number): Buffer {
  const isFar = at >= elsewhere32
  const far = isFar ? Buffer.concat([u16(1), u16(8), u64(at)]) : Buffer.alloc(0)
  const own = Buffer.from(fields)
  if (isFar) own.writeUInt16LE(version64, 0)
  own.writeUInt16LE(far.length, 24)
  // No comment, first disk, no attributes.
  return Buffer.concat([
    u32(0x02014b50),
    u16(isFar ? version64 : version),
    own,
    Buffer.alloc(10),
    u32(isFar ? elsewhere32 : at),
    title,
    far,
  ])
}

function endOf(count: number, sizeBytes: number, at: number): Buffer {
  const is64 = count >= elsewhere16 || sizeBytes >= elsewhere32 || at >= elsewhere32
  const end64 = [
    u32(0x06064b50),
    u64(44),
    u16(version64),
    u16(version64),
    u64(0),
    u64(count),
    u64(count),
    u64(sizeBytes),
    u64(at),
    // Where that is.
    u32(0x07064b50),
    u32(0),
    u64(at + sizeBytes),
    u32(1),
  ]
  const few = u16(Math.min(count, elsewhere16))
  const end = [u32(0x06054b50), u32(0), few, few]
  const places = [u32(Math.min(sizeBytes, elsewhere32)), u32(Math.min(at, elsewhere32)), u16(0)]
  return Buffer.concat([...(is64 ? end64 : []), ...end, ...places])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
