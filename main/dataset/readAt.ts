import type { FileHandle } from 'node:fs/promises'
import { cannotOpen, openRegularFile } from '#db/regularFile.ts'

/** Bytes of a file from a position; fewer where it ends before. */
export async function readAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

/** Part of a file, piece by piece, to its end or the file's. */
export async function* readPieces(
  handle: FileHandle,
  position: number,
  length: number,
  pieceBytes = 1 << 18,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length;) {
    const piece = await readAt(handle, position + at, Math.min(pieceBytes, length - at))
    if (piece.length === 0) return
    yield piece
    at += piece.length
  }
}

/** The first bytes of a file, so many at most, and how many it has. @throws LabError badInput where it cannot be opened */
export async function readStart(
  path: string,
  most: number,
): Promise<{ start: Uint8Array; sizeBytes: number }> {
  const handle = await openRegularFile(path).catch(cannotOpen(path))
  try {
    const { size } = await handle.stat()
    return { start: await readAt(handle, 0, Math.min(most, size)), sizeBytes: size }
  } finally {
    await handle.close()
  }
}
