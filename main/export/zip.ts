import { crc32, constants, inflateRawSync } from 'node:zlib'
import { LabError } from '#shared/domain/labError.ts'

/** A file in a ZIP archive; nothing of it is unpacked yet. */
export interface ZipMember {
  name: string
  /** Unpacked, as the archive says; `read` checks it. */
  sizeBytes: number
  /** About the first 4 kB of packed bytes, unpacked; enough for a header. */
  peek(): Uint8Array
  /** All of it. @throws LabError badInput where size or checksum are not what the archive says */
  read(): Uint8Array
}

const endSignature = 0x06054b50
const memberSignature = 0x02014b50
const localSignature = 0x04034b50
const endBytes = 22
const longestComment = 0xffff
const peekBytes = 4096

/**
 * Lists a ZIP archive by its directory, without unpacking anything: sizes can be judged before memory is spent.
 * @param name what messages call the archive
 * @throws LabError badInput where it is no whole ZIP archive
 * @see PKWARE APPNOTE 4.3 (stored and deflated members; no encryption, no ZIP64)
 */
export function listZip(archive: Uint8Array, name: string): Map<string, ZipMember> {
  const bytes = plain(archive)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const end = findEnd(view, name)
    const members = new Map<string, ZipMember>()
    let at = view.getUint32(end + 16, true)
    for (let left = view.getUint16(end + 10, true); left > 0; left--) {
      if (view.getUint32(at, true) !== memberSignature) throw damaged(name)
      const nameLength = view.getUint16(at + 28, true)
      const memberName = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
      members.set(memberName, toMember(bytes, view, at, memberName, name))
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    }
    return members
  } catch (error) {
    if (error instanceof RangeError) throw damaged(name, error)
    throw error
  }
}

function findEnd(view: DataView, name: string): number {
  const last = view.byteLength - endBytes
  for (let at = last; at >= 0 && at >= last - longestComment; at--) {
    if (view.getUint32(at, true) === endSignature) return at
  }
  if (view.byteLength >= 4 && view.getUint32(0, true) === localSignature) throw damaged(name)
  throw new LabError('badInput', `${name} is not an .npz archive. Save it with numpy.savez.`)
}

function toMember(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  memberName: string,
  archive: string,
): ZipMember {
  const flags = view.getUint16(at + 8, true)
  const method = view.getUint16(at + 10, true)
  const checksum = view.getUint32(at + 16, true)
  const packedBytes = view.getUint32(at + 20, true)
  const sizeBytes = view.getUint32(at + 24, true)
  const local = view.getUint32(at + 42, true)
  if ((flags & 1) !== 0 || (method !== 0 && method !== 8)) {
    throw new LabError(
      'badInput',
      `${memberName} in ${archive} is encrypted or packed in a way that is not known. Save it with numpy.savez.`,
    )
  }
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  if (view.getUint32(local, true) !== localSignature || start + packedBytes > bytes.length)
    throw damaged(archive)
  const packed = bytes.subarray(start, start + packedBytes)
  return {
    name: memberName,
    sizeBytes,
    peek: () => (method === 0 ? packed.subarray(0, peekBytes) : unpackStart(packed, archive)),
    read() {
      const unpacked = method === 0 ? packed : unpack(packed, sizeBytes, archive)
      if (unpacked.length !== sizeBytes || crc32(unpacked) !== checksum) throw damaged(archive)
      return unpacked
    },
  }
}

function unpackStart(packed: Uint8Array, archive: string): Uint8Array {
  try {
    return plain(inflateRawSync(packed.subarray(0, peekBytes), { finishFlush: constants.Z_SYNC_FLUSH }))
  } catch (error) {
    throw damaged(archive, error)
  }
}

/** Never more than the archive's directory promised, whatever the packed bytes would yield. */
function unpack(packed: Uint8Array, sizeBytes: number, archive: string): Uint8Array {
  try {
    return plain(inflateRawSync(packed, { maxOutputLength: Math.max(1, sizeBytes) }))
  } catch (error) {
    throw damaged(archive, error)
  }
}

/** A Buffer's `slice` is no copy; who gets these bytes expects that of a Uint8Array. */
const plain = (bytes: Uint8Array) => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const damaged = (archive: string, cause?: unknown) =>
  new LabError('badInput', `${archive} is damaged or ends early. Copy it again.`, { cause })
