import type { FileHandle } from 'node:fs/promises'
import { openRegularFile, readRegularFile } from '#db/regularFile.ts'
import { LabError } from '#shared/domain/labError.ts'
import { readAt } from '../readAt.ts'
import type { RowImage } from '../sample/cutFromRows.ts'
import type { WholeImage } from '../sample/samplePatches.ts'
import {
  checkFormat,
  checkImage,
  maximumMegapixels,
  megapixelsOf,
  refuseLargeFile,
  refuseTooLarge,
} from './checkImage.ts'
import type { ReadableFormat } from './imageFormat.ts'
import { readImageHeader, type ImageHeader } from './imageHeader.ts'
import { readImage } from './readImage.ts'
import { bitmapRows } from './rows/bitmapRows.ts'
import { pngRows } from './rows/pngRows.ts'
import { tiffRows } from './rows/tiffRows.ts'
import { readTiffTags } from './rows/tiffTags.ts'

// Cameras put up to some 100 kB before a JPEG's frame header.
const firstBytes = 262_144

/** Larger ones would take hours. */
const maximumRowMegapixels = 4000

/**
 * An image file with its width and height from the header; no pixel is decoded yet. A camera's note of orientation
 * may swap the two. One above 100 megapixels is read row by row where its format allows that (PNG without
 * interlacing, TIFF in strips, plain BMP).
 * @throws LabError badInput where the file is no image that can be read, as far as its header tells, or too large
 */
export async function openImage(path: string, channels: 1 | 3): Promise<WholeImage | RowImage> {
  const handle = await openRegularFile(path)
  try {
    const { size } = await handle.stat()
    const start = await readAt(handle, 0, Math.min(size, firstBytes))
    const format = checkFormat(start)
    const header = readImageHeader(start, format) ?? (await readLateHeader(path, handle, size, format))
    if (megapixelsOf(header) > maximumMegapixels) {
      refuseTooLarge(header, maximumRowMegapixels)
      const rows = await openRows[format]?.(path, channels)
      if (rows) return rows
    }
    refuseTooLarge(header)
    refuseLargeFile(size)
    return { ...header, read: () => readImage(path, channels) }
  } finally {
    await handle.close()
  }
}

const openRows: Partial<Record<ReadableFormat, (path: string, channels: 1 | 3) => Promise<RowImage | null>>> =
  { png: pngRows, tiff: tiffRows, bmp: bitmapRows }

/** A TIFF directory, for one, may lie at the end of the file. */
async function readLateHeader(
  path: string,
  handle: FileHandle,
  sizeBytes: number,
  format: ReadableFormat,
): Promise<ImageHeader> {
  if (format === 'tiff') {
    const tags = await readTiffTags(handle)
    const [width, height] = [tags?.numbers(256)[0], tags?.numbers(257)[0]]
    if (width && height) return { width, height }
  }
  refuseLargeFile(sizeBytes)
  const bytes = await readRegularFile(path)
  const header = readImageHeader(bytes, checkImage(bytes))
  if (header === null) throw new LabError('internal', `${path} changed while it was read.`)
  return header
}

/** @throws LabError badInput where no patch fits */
export function refuseSmall({ width, height }: ImageHeader, patchSize: number): void {
  if (width >= patchSize && height >= patchSize) return
  const sizes = `${width} × ${height} px, patches are ${patchSize} × ${patchSize}`
  throw new LabError('badInput', `Smaller than one patch: ${sizes}.`)
}
