import { closeSync, fstatSync, readSync } from 'node:fs'
import { openRegularFileSync, readRegularBytes, withRegularFile } from '#db/regularFile.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { RowImage } from '../sample/cutFromRows.ts'
import type { WholeImage } from '../sample/samplePatches.ts'
import {
  checkFormat,
  checkImage,
  maximumMegapixels,
  megapixelsOf,
  refuseCameraRaw,
  refuseLargeFile,
  refuseTooLarge,
} from './checkImage.ts'
import type { ReadableFormat } from './imageFormat.ts'
import { readUprightHeader, tiffHeader, type ImageHeader } from './imageHeader.ts'
import { readLazily } from './readImage.ts'
import { bitmapRows } from './rows/bitmapRows.ts'
import { pngRows } from './rows/pngRows.ts'
import { tiffRows } from './rows/tiffRows.ts'
import { isVanHateren, vanHaterenSize } from './vanHateren.ts'
import { tiffPages } from './tiffDirectory.ts'

/** Of most files the first is enough; cameras put up to some 100 kB before a JPEG's frame header. */
const startBytes = [8_192, 262_144]

/** Larger ones would take hours. */
const maximumRowMegapixels = 4000

/** What is known of an image file before a pixel is decoded. */
export interface MeasuredImage extends ImageHeader {
  format: ReadableFormat
  /** Too large to be held: it is read row by row. */
  isLarge: boolean
  /** Of a file that may have several, each page's size; the first is the file's own. */
  pages?: ImageHeader[]
}

/**
 * Looks at the start of a file. A camera's note of orientation that stands behind the pixels may still change width
 * and height.
 * @throws LabError badInput where the file is no image that can be read, as far as its header tells, or too large
 */
export async function measureImage(path: string): Promise<MeasuredImage> {
  const start = readStart(path)
  if (start === null) return { ...vanHaterenSize, format: 'pnm', isLarge: false }
  const { size, format, header: found } = start
  const pages = format === 'tiff' ? await measurePages(path) : undefined
  const header = pages?.[0] ?? found ?? readLateHeader(path, size)
  if (megapixelsOf(header) > maximumMegapixels && openRows[format]) {
    refuseTooLarge(header, maximumRowMegapixels)
    return { ...header, format, isLarge: true, pages }
  }
  refuseTooLarge(header)
  if (format !== 'tiff') refuseLargeFile(size)
  return { ...header, format, isLarge: false, pages }
}

/** A TIFF's directories may lie anywhere in the file. */
const measurePages = (path: string): Promise<ImageHeader[]> =>
  withRegularFile(path, async (file) => {
    refuseCameraRaw(file)
    const pages = Array.from(tiffPages(file), tiffHeader).filter((header) => header !== null)
    if (pages.length > 0) return pages
    throw new LabError(
      'badInput',
      file.sizeBytes < 8
        ? 'The file ends early. Copy it again.'
        : 'The file is damaged: its header makes no sense. Copy it again.',
    )
  })

interface FileStart {
  size: number
  format: ReadableFormat
  /** null where it is not among the first bytes. */
  header: ImageHeader | null
}

/** @returns null for an image of van Hateren's, which nothing but its name and length tell */
function readStart(path: string): FileStart | null {
  const descriptor = openRegularFileSync(path)
  try {
    const { size } = fstatSync(descriptor)
    if (isVanHateren(path, size)) return null
    for (const [index, length] of startBytes.entries()) {
      const buffer = new Uint8Array(Math.min(size, length))
      const start = buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, 0))
      const format = checkFormat(start)
      const header = readUprightHeader(start, format)
      if (header !== null || start.length === size || index === startBytes.length - 1)
        return { size, format, header }
    }
    throw new Error('no start is read')
  } finally {
    closeSync(descriptor)
  }
}

/**
 * An image file with its width and height from the header; no pixel is decoded yet. One above 100 megapixels is read
 * row by row where its format allows that (PNG without interlacing, TIFF in strips, plain BMP).
 * @throws LabError badInput as `measureImage`
 */
export async function openImage(path: string, channels: 1 | 3): Promise<WholeImage | RowImage> {
  const measured = await measureImage(path)
  if (measured.isLarge) return openLargeImage(path, measured, channels)
  return {
    width: measured.width,
    height: measured.height,
    read: () => readLazily(path, { channels, jpeg: 'luma' }),
  }
}

/** @throws LabError badInput where it is of a kind whose rows must be held all together */
export async function openLargeImage(
  path: string,
  measured: MeasuredImage,
  channels: 1 | 3,
): Promise<RowImage> {
  const rows = await openRows[measured.format]?.(path, channels)
  if (rows) return rows
  refuseTooLarge(measured)
  throw new Error(`${path} is not large`)
}

const openRows: Partial<Record<ReadableFormat, (path: string, channels: 1 | 3) => Promise<RowImage | null>>> =
  { png: pngRows, tiff: tiffRows, bmp: bitmapRows }

/** Behind more than cameras put there. */
function readLateHeader(path: string, sizeBytes: number): ImageHeader {
  refuseLargeFile(sizeBytes)
  const bytes = readRegularBytes(path)
  const header = readUprightHeader(bytes, checkImage(bytes))
  if (header === null) throw new LabError('internal', `${path} changed while it was read.`)
  return header
}

/** @throws LabError badInput where no patch fits */
export function refuseSmall({ width, height }: ImageHeader, patchSize: number): void {
  if (width >= patchSize && height >= patchSize) return
  const sizes = `${width} × ${height} px, patches are ${patchSize} × ${patchSize}`
  throw new LabError('badInput', `Smaller than one patch: ${sizes}.`)
}
