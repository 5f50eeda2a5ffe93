import { crc32, constants, inflateRawSync } from 'node:zlib'
import { LabError } from '#shared/domain/labError.ts'
import { memorySource, type ByteSource } from './byteSource.ts'

/** A file in a ZIP archive; nothing of it is unpacked yet. */
export interface ZipMember {
  name: string
  /** Unpacked, as the archive says; `read` checks it. */
  sizeBytes: number
  /** Whether it lies in the archive as it is, not packed. */
  isStored: boolean
  /** About the first 4 kB of packed bytes, unpacked; enough for a header. */
  peek(): Uint8Array
  /** All of it. @throws LabError badInput where size or checksum are not what the archive says */
  read(): Uint8Array
}

/** What messages call an archive, and what they advise. */
export interface ZipWords {
  name: string
  kind: string
  mend: string
}

const endSignature = 0x06054b50
const memberSignature = 0x02014b50
const localSignature = 0x04034b50
const endBytes = 22
const memberBytes = 46
const localBytes = 30
const longestComment = 0xffff
const peekBytes = 4096

/**
 * Lists a ZIP archive by its directory, without unpacking anything: sizes can be judged before memory is spent.
 * @param words a name, for an archive of NumPy
 * @throws LabError badInput where it is no whole ZIP archive, or a name is in it twice
 * @see PKWARE APPNOTE 4.3 (stored and deflated members; no encryption, no ZIP64)
 */
export function listZip(archive: Uint8Array | ByteSource, words: string | ZipWords): Map<string, ZipMember> {
  const source = archive instanceof Uint8Array ? memorySource(archive) : archive
  const say: ZipWords =
    typeof words === 'string'
      ? { name: words, kind: 'an .npz archive', mend: 'Save it with numpy.savez.' }
      : words
  return guarded(say.name, () => {
    const end = findEnd(source, say)
    const directoryBytes = end.getUint32(12, true)
    const directory = source.read(end.getUint32(16, true), directoryBytes)
    const view = viewOf(directory)
    const members = new Map<string, ZipMember>()
    let at = 0
    for (let left = end.getUint16(10, true); left > 0; left--) {
      if (view.getUint32(at, true) !== memberSignature) throw damaged(say.name)
      const nameBytes = view.getUint16(at + 28, true)
      const nameAt = at + memberBytes
      if (nameAt + nameBytes > directoryBytes) throw damaged(say.name)
      const name = new TextDecoder().decode(directory.subarray(nameAt, nameAt + nameBytes))
      if (members.has(name)) throw damaged(say.name)
      members.set(name, toMember(source, view, at, name, say))
      at = nameAt + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    }
    return members
  })
}

/** The record at the end of the archive, which a comment may follow. */
function findEnd(source: ByteSource, { name, kind, mend }: ZipWords): DataView {
  const tailBytes = Math.min(source.sizeBytes, endBytes + longestComment)
  const tail = viewOf(source.read(source.sizeBytes - tailBytes, tailBytes))
  for (let at = tailBytes - endBytes; at >= 0; at--) {
    if (tail.getUint32(at, true) === endSignature) {
      return new DataView(tail.buffer, tail.byteOffset + at, endBytes)
    }
  }
  if (source.sizeBytes >= 4 && viewOf(source.read(0, 4)).getUint32(0, true) === localSignature) {
    throw damaged(name)
  }
  throw new LabError('badInput', `${name} is not ${kind}. ${mend}`)
}

function toMember(source: ByteSource, view: DataView, at: number, name: string, say: ZipWords): ZipMember {
  const flags = view.getUint16(at + 8, true)
  const method = view.getUint16(at + 10, true)
  const checksum = view.getUint32(at + 16, true)
  const packedBytes = view.getUint32(at + 20, true)
  const sizeBytes = view.getUint32(at + 24, true)
  const local = view.getUint32(at + 42, true)
  if ((flags & 1) !== 0 || (method !== 0 && method !== 8)) {
    throw new LabError(
      'badInput',
      `${name} in ${say.name} is encrypted or packed in a way that is not known. ${say.mend}`,
    )
  }
  const head = viewOf(source.read(local, localBytes))
  const start = local + localBytes + head.getUint16(26, true) + head.getUint16(28, true)
  if (head.getUint32(0, true) !== localSignature || start + packedBytes > source.sizeBytes) {
    throw damaged(say.name)
  }
  const packed = (limitBytes = packedBytes) => source.read(start, Math.min(packedBytes, limitBytes))
  return {
    name,
    sizeBytes,
    isStored: method === 0,
    peek: () =>
      guarded(say.name, () => (method === 0 ? packed(peekBytes) : unpackStart(packed(peekBytes), say.name))),
    read: () =>
      guarded(say.name, () => {
        if (method === 0 && packedBytes !== sizeBytes) throw damaged(say.name)
        const unpacked = method === 0 ? packed() : unpack(packed(), sizeBytes, say.name)
        if (unpacked.length !== sizeBytes || crc32(unpacked) !== checksum) throw damaged(say.name)
        return unpacked
      }),
  }
}

function unpackStart(packed: Uint8Array, archive: string): Uint8Array {
  try {
    return plain(inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH }))
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

/** What lies outside of the archive is damage. */
function guarded<T>(archive: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) throw damaged(archive, error)
    throw error
  }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const plain = (bytes: Uint8Array) => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const damaged = (archive: string, cause?: unknown) =>
  new LabError('badInput', `${archive} is damaged or ends early. Copy it again.`, { cause })
