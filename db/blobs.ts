import { createHash, type Hash } from 'node:crypto'
import { closeSync, existsSync, fstatSync, mkdirSync, readSync, readdirSync, rmSync, statSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import type { PartProblem } from '#shared/domain/storedPart.ts'
import { openRegularFileSync } from './regularFile.ts'
import { toLibraryError } from './libraryError.ts'
import { isAbandoned, isBeingWritten, newPartName, sweepParts } from './unfinished.ts'

const temporaryEnd = '.part'
// Blobs are written and hashed in pieces of this size, so that the process answers in between.
const pieceBytes = 1 << 20

export interface StoredBlob {
  /** SHA-256, hexadecimal. */
  hash: string
  sizeBytes: number
}

/** Bytes under the name of their SHA-256: whole or not there, never changed. */
export interface Blobs {
  /**
   * On disk for good when it resolves; bytes written twice are kept once. Does not block the process, so the bytes
   * must not change until then.
   */
  write(bytes: Uint8Array): Promise<StoredBlob>
  path(hash: string): string
  has(hash: string): boolean
  /**
   * All bytes, in a buffer of their own, and checked against their name; or the first `limitBytes`, unchecked.
   * @throws BlobError
   */
  read(hash: string, limitBytes?: number): Uint8Array<ArrayBuffer>
  /** Whether the bytes still are what their name says; reads all of them. */
  verify(hash: string): boolean
  /** The same a piece at a time, so that the process can answer in between: yields the bytes of each. */
  verifying(hash: string): Generator<number, PartProblem | null>
  /** What is not there needs no removal. */
  remove(hash: string): void
  /** 0 where it is missing. */
  sizeBytes(hash: string): number
  /** When it was written, ms since 1970; 0 where it is missing. */
  writtenAt(hash: string): number
  /** Hashes of all blobs. */
  list(): string[]
  /**
   * Removes what killed writers left behind; where it cannot be known whether they still write, what is older than
   * `olderThan` (ms since 1970). Returns the bytes that it freed.
   */
  removeLeftovers(olderThan: number): number
}

/** @param folder made when it is missing */
export function openBlobs(folder: string): Blobs {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
  const blobPath = (hash: string) => path.join(folder, hash)
  let swept: Promise<void> | null = null

  const read: Blobs['read'] = (hash, limitBytes) => {
    const file = openBlob(blobPath(hash), hash)
    try {
      const size = fstatSync(file).size
      const bytes = new Uint8Array(Math.min(size, limitBytes ?? size))
      const digest = limitBytes === undefined ? createHash('sha256') : null
      for (let at = 0; at < bytes.length;) at += readPiece(file, bytes, at, digest, hash)
      if (digest !== null && digest.digest('hex') !== hash) throw new BlobError(hash, 'damaged')
      return bytes
    } finally {
      closeSync(file)
    }
  }

  function* verifying(hash: string): Generator<number, PartProblem | null> {
    const piece = new Uint8Array(pieceBytes)
    const digest = createHash('sha256')
    try {
      const file = openBlob(blobPath(hash), hash)
      try {
        for (let count; (count = readSync(file, piece, 0, piece.length, null)) > 0;) {
          digest.update(piece.subarray(0, count))
          yield count
        }
      } finally {
        closeSync(file)
      }
    } catch (error) {
      return error instanceof BlobError ? error.problem : 'unreadable'
    }
    return digest.digest('hex') === hash ? null : 'damaged'
  }

  return {
    async write(bytes) {
      // Once: there may be a hundred thousand of them.
      await (swept ??= sweepParts(folder))
      const part = path.join(folder, newPartName())
      try {
        const hash = await writePieces(part, bytes)
        await rename(part, blobPath(hash))
        await syncFolder(folder)
        return { hash, sizeBytes: bytes.byteLength }
      } catch (error) {
        await rm(part, { force: true })
        throw toLibraryError(error, folder)
      }
    },
    path: blobPath,
    has: (hash) => existsSync(blobPath(hash)),
    read,
    verify(hash) {
      const pieces = verifying(hash)
      for (;;) {
        const { done, value } = pieces.next()
        if (done) return value === null
      }
    },
    verifying,
    remove: (hash) => rmSync(blobPath(hash), { force: true }),
    sizeBytes: (hash) => statSync(blobPath(hash), { throwIfNoEntry: false })?.size ?? 0,
    writtenAt: (hash) => statSync(blobPath(hash), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    list: () => readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/.test(name)),
    removeLeftovers(olderThan) {
      let freedBytes = 0
      for (const name of readdirSync(folder)) {
        const file = path.join(folder, name)
        const status = name.endsWith(temporaryEnd) ? statSync(file, { throwIfNoEntry: false }) : undefined
        if (!status || isBeingWritten(name)) continue
        if (status.mtimeMs >= olderThan && !isAbandoned(name, status.mtimeMs)) continue
        rmSync(file, { force: true })
        freedBytes += status.size
      }
      return freedBytes
    },
  }
}

/** Writes and hashes in one pass, piece by piece; returns the hash. */
async function writePieces(part: string, bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(part, 'wx')
  try {
    for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes)
      hash.update(piece)
      await file.writeFile(piece)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

/** Without it a crash of the machine may forget the rename. Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function openBlob(file: string, hash: string): number {
  try {
    return openRegularFileSync(file)
  } catch (error) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code))
    throw new BlobError(hash, isMissing ? 'missing' : 'unreadable', error)
  }
}

/** Returns how many bytes were read. */
function readPiece(file: number, bytes: Uint8Array, at: number, digest: Hash | null, hash: string): number {
  let count: number
  try {
    count = readSync(file, bytes, at, Math.min(pieceBytes, bytes.length - at), at)
  } catch (error) {
    throw new BlobError(hash, 'unreadable', error)
  }
  if (count === 0) throw new BlobError(hash, 'damaged')
  digest?.update(bytes.subarray(at, at + count))
  return count
}

/** A blob is not there, or not what it was. Who knows whose it is says so instead: `readPart`. */
export class BlobError extends LabError {
  readonly problem: PartProblem

  constructor(hash: string, problem: PartProblem, cause?: unknown) {
    const state = problem === 'unreadable' ? 'cannot be read' : `is ${problem}`
    super(
      'badInput',
      `The library is damaged: blob ${hash.slice(0, 12)} ${state}. Restore the library’s folder from a backup.`,
      { cause },
    )
    this.problem = problem
  }
}
