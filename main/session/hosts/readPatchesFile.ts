import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { openRegularFile } from '#db/regularFile.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { PartProblem } from '#shared/domain/storedPart.ts'
import type { ReadPatches } from './serveSession.ts'

/** What is hashed while the disk reads the next: larger pieces were slower. */
const pieceBytes = 1 << 20

/** @returns the file's float32 values, in memory that the engine's threads can share */
export async function readPatchesFile(path: string): Promise<ReadPatches | PartProblem> {
  try {
    const file = await openRegularFile(path)
    try {
      return await readAll(file)
    } finally {
      await file.close()
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing'
    if (syscall !== undefined || error instanceof LabError) return 'unreadable'
    throw error
  }
}

async function readAll(file: FileHandle): Promise<ReadPatches | PartProblem> {
  const { size } = await file.stat()
  const bytes = new Uint8Array(new SharedArrayBuffer(size))
  const hash = createHash('sha256')
  const read = (at: number) => file.read(bytes, at, Math.min(size - at, pieceBytes), at)
  for (let at = 0, next = read(0); at < size;) {
    const { bytesRead } = await next
    if (bytesRead === 0) return 'damaged'
    const start = at
    at += bytesRead
    if (at < size) next = read(at)
    hash.update(bytes.subarray(start, at))
  }
  return { values: new Float32Array(bytes.buffer, 0, size >> 2), sha256: hash.digest('hex') }
}
