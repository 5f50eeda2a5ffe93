import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import { toLibraryError } from './libraryError.ts'

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
  /** The first `limitBytes` bytes (default all) in a buffer of their own. @throws LabError badInput where it is missing */
  read(hash: string, limitBytes?: number): Uint8Array<ArrayBuffer>
  /** Whether the bytes still are what their name says; reads all of them. */
  verify(hash: string): boolean
  /** What is not there needs no removal. */
  remove(hash: string): void
  /** 0 where it is missing. */
  sizeBytes(hash: string): number
  /** When it was written, ms since 1970; 0 where it is missing. */
  writtenAt(hash: string): number
  /** Hashes of all blobs. */
  list(): string[]
  /** Removes what a killed writer left behind before `olderThan` (ms since 1970). Returns the bytes that it freed. */
  removeLeftovers(olderThan: number): number
}

/** @param folder made when it is missing */
export function openBlobs(folder: string): Blobs {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
  const blobPath = (hash: string) => path.join(folder, hash)
  const newPart = () => path.join(folder, `${randomUUID()}${temporaryEnd}`)

  const read: Blobs['read'] = (hash, limitBytes = Infinity) => {
    const file = openBlob(blobPath(hash), hash)
    try {
      const bytes = new Uint8Array(Math.min(fstatSync(file).size, limitBytes))
      let at = 0
      while (at < bytes.length) {
        const count = readSync(file, bytes, at, bytes.length - at, at)
        if (count === 0) throw damaged(hash)
        at += count
      }
      return bytes
    } finally {
      closeSync(file)
    }
  }

  return {
    async write(bytes) {
      const part = newPart()
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
    verify: (hash) => createHash('sha256').update(read(hash)).digest('hex') === hash,
    remove: (hash) => rmSync(blobPath(hash), { force: true }),
    sizeBytes: (hash) => statSync(blobPath(hash), { throwIfNoEntry: false })?.size ?? 0,
    writtenAt: (hash) => statSync(blobPath(hash), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    list: () => readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/.test(name)),
    removeLeftovers(olderThan) {
      let freedBytes = 0
      for (const name of readdirSync(folder)) {
        const file = path.join(folder, name)
        const status = statSync(file, { throwIfNoEntry: false })
        if (!name.endsWith(temporaryEnd) || (status?.mtimeMs ?? Infinity) >= olderThan) continue
        rmSync(file, { force: true })
        freedBytes += status?.size ?? 0
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
    return openSync(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw damaged(hash, error)
    throw error
  }
}

function damaged(hash: string, cause?: unknown): LabError {
  return new LabError(
    'badInput',
    `The library is damaged: blob ${hash.slice(0, 12)} is missing or cut short. Restore the library's folder from a backup.`,
    { cause },
  )
}
