import { readRegularBytes, withRegularFile } from '#db/regularFile.ts'
import type { Sampling } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'
import { checkImage, refuseLargeFile } from './checkImage.ts'
import type { Decoded } from './decoded.ts'
import { decodePnm } from './decodePnm.ts'
import { decodeGif } from './gif/decodeGif.ts'
import type { ReadableFormat } from './imageFormat.ts'
import { decodeJpeg } from './jpeg/decodeJpeg.ts'
import { decodeNative } from './nativeDecoder.ts'
import { orientationOf, tiffOrientation, turnUpright } from './orientation.ts'
import type { LazyImage, PixelImage } from './pixelImage.ts'
import { decodeTiff } from './tiff/decodeTiff.ts'
import { sourceOfBytes, tiffPages, type ByteSource } from './tiffDirectory.ts'
import { isTransparent, toPixels } from './toPixels.ts'
import { decodeVanHateren, isVanHateren } from './vanHateren.ts'

/**
 * Reads an image file as grey (luma of Rec. 601) or RGB: PNG, JPEG, WebP, TIFF, BMP and GIF (its first frame),
 * recognised by content. 16-bit samples keep their precision, palettes are resolved, transparency lies over mid grey,
 * the orientation that a camera noted is applied.
 * @throws LabError badInput with one sentence for the user: what is wrong with the file and the mend.
 */
export async function readImage(path: string, channels: 1 | 3): Promise<PixelImage> {
  return withPixels(await readLazily(path, { channels, jpeg: 'luma' }))
}

/** As `readImage`, from a file's bytes. */
export async function decodeImage(bytes: Uint8Array, channels: 1 | 3): Promise<PixelImage> {
  return withPixels(await decodeLazily(bytes, { channels, jpeg: 'luma' }))
}

/** What of a sampling says how images are read; of a TIFF file, which page. */
export type Reading = Pick<Sampling, 'channels' | 'jpeg'> & { page?: number }

/** Gives memory for samples. What it held before may be overwritten. */
export type Memory = (sizeBytes: number) => Uint8Array
const ownMemory: Memory = (sizeBytes) => new Uint8Array(sizeBytes)

/**
 * As `readImage`; samples become values where they are asked for.
 * @param memory where samples may be put; memory of their own where left out
 */
export function readLazily(path: string, reading: Reading, memory = ownMemory): Promise<LazyImage> {
  if (reading.page !== undefined) return withRegularFile(path, async (file) => readTiffPage(file, reading))
  const bytes = readRegularBytes(path, refuseLargeFile)
  return isVanHateren(path, bytes.length)
    ? Promise.resolve({ ...decodeVanHateren(bytes), channels: reading.channels })
    : decodeLazily(bytes, reading, memory)
}

async function decodeLazily(bytes: Uint8Array, reading: Reading, memory = ownMemory): Promise<LazyImage> {
  const { channels } = reading
  const format = checkImage(bytes)
  if (format === 'tiff') return readTiffPage(sourceOfBytes(bytes), reading)
  const stored = decode(bytes, format, reading, memory)
  const decoded = turnUpright(stored, orientationOf(bytes, format))
  return { ...decoded, channels, isTransparent: isTransparent(decoded) }
}

/** @throws LabError badInput */
function readTiffPage(source: ByteSource, { channels, page = 0 }: Reading): LazyImage {
  let index = 0
  for (const directory of tiffPages(source)) {
    if (index++ < page) continue
    const { isScaled, ...stored } = decodeTiff(source, directory, channels)
    const decoded = turnUpright(stored, tiffOrientation(directory))
    return { ...decoded, channels, isTransparent: isTransparent(decoded), ...(isScaled && { isScaled }) }
  }
  throw new LabError('badInput', 'The file is damaged: its header makes no sense. Copy it again.')
}

function withPixels(image: LazyImage): PixelImage {
  const { width, height, channels, isTransparent } = image
  return { width, height, channels, pixels: toPixels(image, channels), isTransparent }
}

function decode(
  bytes: Uint8Array,
  format: ReadableFormat,
  { channels, jpeg }: Reading,
  memory: Memory,
): Decoded {
  if (format === 'gif') return decodeGif(bytes)
  if (format === 'pnm') return decodePnm(bytes)
  return (
    (format === 'jpeg' && jpeg ? decodeJpeg(bytes, channels, memory) : null) ?? decodeNative(bytes, format)
  )
}
