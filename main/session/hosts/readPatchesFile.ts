import { readFile } from 'node:fs/promises'

/** @returns the file's float32 values without a second copy */
export async function readPatchesFile(path: string): Promise<Float32Array> {
  const bytes = await readFile(path)
  // A large file is read into a buffer of its own; a pooled one may not be aligned.
  return bytes.byteOffset % 4 === 0
    ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    : new Float32Array(new Uint8Array(bytes).buffer)
}
