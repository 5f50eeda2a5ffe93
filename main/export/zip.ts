import { pipeline, Readable } from 'node:stream'
import { crc32, constants, createInflateRaw, inflateRawSync } from 'node:zlib'
import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl'
import { LabError } from '#shared/domain/labError.ts'
import { memorySource, type ByteSource } from './byteSource.ts'

/** A file in a ZIP archive; nothing of it is unpacked yet. */
export interface ZipMember {
  name: string
  /** Unpacked, as the archive says; `read` checks it. */
  sizeBytes: number
  /** Whether it lies in the archive as it is, not packed. */
  isStored: boolean
  /** @throws LabError badInput where its own header says otherwise than the directory */
  locate(): void
  /** About the first 4 kB of packed bytes, unpacked, never more than a megabyte; enough for a header. */
  peek(): Uint8Array
  /** All of it. @throws LabError badInput where size or checksum are not what the archive says */
  read(): Uint8Array
  /** All of it, in pieces. @throws LabError as `read`, at the end at the latest */
  pieces(): AsyncGenerator<Uint8Array>
}

/** What messages call an archive, and what they advise. */
export interface ZipWords {
  name: string
  kind: string
  mend: string
  /** Files that such an archive can have at most. */
  mostFiles: number
}

const localSignature = 0x04034b50
const endSignature = 0x06054b50
const localBytes = 30
const peekBytes = 4096
const pieceBytes = 1 << 20
/** Of packed bytes that unpack to more than `mostPeeked` only these are looked at: at most 1032 times as many. */
const fewestPeekBytes = 512
const mostPeeked = 1 << 20
/** Read at once of a directory, whose entries are small. */
const blockBytes = 1 << 16
/** Each takes a look at its header. */
const mostArrays = 4096

/**
 * Lists a ZIP archive by its directory, without unpacking anything: sizes can be judged before memory is spent. Each
 * file's bytes are its own: none lie over another's, so that all together are never more than the archive.
 * @param words a name, for an archive of NumPy
 * @throws LabError badInput where it is no whole ZIP archive, has too many files, or a name is in it twice
 */
export async function listZip(
  archive: Uint8Array | ByteSource,
  words: string | ZipWords,
): Promise<Map<string, ZipMember>> {
  const source = archive instanceof Uint8Array ? memorySource(archive) : archive
  const say: ZipWords =
    typeof words === 'string'
      ? { name: words, kind: 'an .npz archive', mend: 'Save it with numpy.savez.', mostFiles: mostArrays }
      : words
  const { entries, directoryAt } = await readDirectory(source, say)
  // In the order in which they lie in the archive: each ends where the next begins, at the latest.
  const inOrder = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  const ends = new Map(
    inOrder.map((entry, k) => [entry, inOrder[k + 1]?.relativeOffsetOfLocalHeader ?? directoryAt]),
  )
  const members = new Map<string, ZipMember>()
  for (const entry of entries) {
    const member = toMember(source, entry, ends.get(entry)!, say)
    // What nobody reads may be what somebody misses. A bundle of very many knows its files by its manifest.
    if (entries.length <= mostArrays) member.locate()
    if (members.has(member.name)) throw damaged(say.name)
    members.set(member.name, member)
  }
  return members
}

async function readDirectory(
  source: ByteSource,
  say: ZipWords,
): Promise<{ entries: Entry[]; directoryAt: number }> {
  const options = { autoClose: false, decodeStrings: false, validateEntrySizes: true }
  let zip: ZipFile
  try {
    zip = await fromRandomAccessReaderPromise(new BlockReader(source), source.sizeBytes, options)
  } catch (error) {
    if (isBegun(source)) throw damaged(say.name, error)
    throw new LabError('badInput', `${say.name} is not ${say.kind}. ${say.mend}`, { cause: error })
  }
  if (zip.entryCount > say.mostFiles) {
    throw new LabError(
      'badInput',
      `${say.name} holds ${zip.entryCount} files; ${say.kind} has at most ${say.mostFiles}. ${say.mend}`,
    )
  }
  // Its type says otherwise; before the first entry this is where the directory begins.
  const directoryAt = Number(zip.readEntryCursor)
  const entries: Entry[] = []
  try {
    for await (const entry of zip.eachEntry()) entries.push(entry)
  } catch (error) {
    throw damaged(say.name, error)
  }
  return { entries, directoryAt }
}

function isBegun(source: ByteSource): boolean {
  if (source.sizeBytes < 4) return false
  const signature = viewOf(source.read(0, 4)).getUint32(0, true)
  return signature === localSignature || signature === endSignature
}

/** Answers at once, from some entries of a directory read together. */
class BlockReader extends RandomAccessReader {
  #source: ByteSource
  #block: { at: number; bytes: Uint8Array } = { at: 0, bytes: new Uint8Array() }

  constructor(source: ByteSource) {
    super()
    this.#source = source
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    try {
      buffer.set(this.#bytes(position, length), offset)
    } catch (error) {
      return callback(error as Error)
    }
    callback(null, length)
  }

  #bytes(at: number, length: number): Uint8Array {
    const { at: start, bytes } = this.#block
    if (at >= start && at + length <= start + bytes.length)
      return bytes.subarray(at - start, at - start + length)
    const most = Math.min(blockBytes, this.#source.sizeBytes - at)
    this.#block = { at, bytes: this.#source.read(at, Math.max(length, most)) }
    return this.#block.bytes.subarray(0, length)
  }
}

function toMember(source: ByteSource, entry: Entry, end: number, say: ZipWords): ZipMember {
  const { compressedSize: packedBytes, uncompressedSize: sizeBytes, compressionMethod: method } = entry
  const name = new TextDecoder().decode(entry.fileNameRaw)
  const local = entry.relativeOffsetOfLocalHeader
  if (entry.isEncrypted() || (method !== 0 && method !== 8)) {
    throw new LabError(
      'badInput',
      `${name} in ${say.name} is encrypted or packed in a way that is not known. ${say.mend}`,
    )
  }
  if (local + localBytes + entry.fileNameLength + packedBytes > end) throw damaged(say.name)
  const startOf = () => {
    const head = source.read(local, localBytes + entry.fileNameLength)
    const fields = viewOf(head)
    const nameBytes = fields.getUint16(26, true)
    const start = local + localBytes + nameBytes + fields.getUint16(28, true)
    if (fields.getUint32(0, true) !== localSignature || start + packedBytes > end) throw damaged(say.name)
    // No checksum covers a name, but it stands there twice: weights under a changed one would be taken for others.
    if (nameBytes !== entry.fileNameLength || !entry.fileNameRaw.equals(head.subarray(localBytes)))
      throw damaged(say.name)
    return start
  }
  const packed = (limitBytes = packedBytes) => source.read(startOf(), Math.min(packedBytes, limitBytes))
  function* packedPieces() {
    const start = guarded(say.name, startOf)
    for (let at = 0; at < packedBytes; at += pieceBytes) {
      yield guarded(say.name, () => source.read(start + at, Math.min(pieceBytes, packedBytes - at)))
    }
  }
  return {
    name,
    sizeBytes,
    isStored: method === 0,
    locate: () => void guarded(say.name, startOf),
    peek: () =>
      guarded(say.name, () => (method === 0 ? packed(peekBytes) : unpackStart(packed(peekBytes), say.name))),
    read: () =>
      guarded(say.name, () => {
        const unpacked = method === 0 ? packed() : unpack(packed(), sizeBytes, say.name)
        if (unpacked.length !== sizeBytes || crc32(unpacked) !== entry.crc32) throw damaged(say.name)
        return unpacked
      }),
    async *pieces() {
      let there = 0
      let checksum = 0
      const unpacked = method === 0 ? packedPieces() : inflated(packedPieces(), say.name)
      for await (const piece of unpacked) {
        there += piece.length
        if (there > sizeBytes) throw damaged(say.name)
        checksum = crc32(piece, checksum)
        yield piece
      }
      if (there !== sizeBytes || checksum !== entry.crc32) throw damaged(say.name)
    },
  }
}

async function* inflated(packed: Iterable<Uint8Array>, archive: string): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: pieceBytes })
  // The callback gets what the loop below throws too.
  pipeline(Readable.from(packed), inflate, () => {})
  try {
    for await (const piece of inflate) yield piece as Uint8Array
  } catch (error) {
    throw error instanceof LabError ? error : damaged(archive, error)
  }
}

function unpackStart(packed: Uint8Array, archive: string): Uint8Array {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostPeeked }
  try {
    return plain(inflateRawSync(packed, options))
  } catch (error) {
    const isLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    if (isLong && packed.length > fewestPeekBytes) {
      return unpackStart(packed.subarray(0, fewestPeekBytes), archive)
    }
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
