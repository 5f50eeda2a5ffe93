import { open } from 'node:fs/promises'

/** @returns the file's float32 values, in memory that the engine's threads can share */
export async function readPatchesFile(path: string): Promise<Float32Array> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const bytes = new Uint8Array(new SharedArrayBuffer(size))
    for (let at = 0; at < size;) {
      const { bytesRead } = await file.read(bytes, at, Math.min(size - at, 2 ** 30), at)
      if (bytesRead === 0) throw new Error(`${path} ended after ${at} of ${size} bytes.`)
      at += bytesRead
    }
    return new Float32Array(bytes.buffer)
  } finally {
    await file.close()
  }
}
