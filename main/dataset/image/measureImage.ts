import { open, readFile } from 'node:fs/promises'
import { LabError } from '#shared/domain/labError.ts'
import { checkFormat, checkImage, refuseLargeFile, refuseTooLarge } from './checkImage.ts'
import { readImageHeader, type ImageHeader } from './imageHeader.ts'

// Cameras put up to some 100 kB before a JPEG's frame header.
const firstBytes = 262_144

/**
 * Width and height from a file's header; nothing is decoded. A camera's note of orientation may swap the two.
 * @throws LabError badInput where the file is no image that can be read, as far as its header tells, or too large
 */
export async function measureImage(path: string): Promise<ImageHeader> {
  const start = await readStart(path)
  const format = checkFormat(start)
  const header = readImageHeader(start, format) ?? (await readLateHeader(path))
  refuseTooLarge(header)
  return header
}

/** A TIFF directory, for one, may lie at the end of the file. */
async function readLateHeader(path: string): Promise<ImageHeader> {
  const bytes = await readFile(path)
  const header = readImageHeader(bytes, checkImage(bytes))
  if (header === null) throw new LabError('internal', `${path} changed while it was read.`)
  return header
}

async function readStart(path: string): Promise<Uint8Array> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    refuseLargeFile(size)
    const length = Math.min(size, firstBytes)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** @throws LabError badInput where no patch fits */
export function refuseSmall({ width, height }: ImageHeader, patchSize: number): void {
  if (width >= patchSize && height >= patchSize) return
  const sizes = `${width} × ${height} px, patches are ${patchSize} × ${patchSize}`
  throw new LabError('badInput', `Smaller than one patch: ${sizes}.`)
}
