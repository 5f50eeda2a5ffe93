import type { JsColorType } from '@napi-rs/image'
import { readRegularBytes } from '#db/regularFile.ts'
import type { Sampling } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'
import { checkImage, refuseLargeFile } from './checkImage.ts'
import type { Decoded, Samples } from './decoded.ts'
import { decodeGif } from './gif/decodeGif.ts'
import type { ReadableFormat } from './imageFormat.ts'
import { decodeJpeg } from './jpeg/decodeJpeg.ts'
import { orientationOf, turnUpright } from './orientation.ts'
import type { LazyImage, PixelImage } from './pixelImage.ts'
import { isTransparent, toPixels } from './toPixels.ts'

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

/** What of a sampling says how images are read. */
export type Reading = Pick<Sampling, 'channels' | 'jpeg'>

/** Gives memory for samples. What it held before may be overwritten. */
export type Memory = (sizeBytes: number) => Uint8Array
const ownMemory: Memory = (sizeBytes) => new Uint8Array(sizeBytes)

/**
 * As `readImage`; samples become values where they are asked for.
 * @param memory where samples may be put; memory of their own where left out
 */
export function readLazily(path: string, reading: Reading, memory = ownMemory): Promise<LazyImage> {
  return decodeLazily(readRegularBytes(path, refuseLargeFile), reading, memory)
}

async function decodeLazily(bytes: Uint8Array, reading: Reading, memory = ownMemory): Promise<LazyImage> {
  const { channels } = reading
  const format = checkImage(bytes)
  const stored = await decode(bytes, format, reading, memory)
  const decoded = turnUpright(stored, orientationOf(bytes, format))
  return { ...decoded, channels, isTransparent: isTransparent(decoded) }
}

function withPixels(image: LazyImage): PixelImage {
  const { width, height, channels, isTransparent } = image
  return { width, height, channels, pixels: toPixels(image, channels), isTransparent }
}

async function decode(
  bytes: Uint8Array,
  format: ReadableFormat,
  { channels, jpeg }: Reading,
  memory: Memory,
): Promise<Decoded> {
  if (format === 'gif') return decodeGif(bytes)
  return (
    (format === 'jpeg' && jpeg ? decodeJpeg(bytes, channels, memory) : null) ??
    (await decodeOther(bytes, format))
  )
}

type ColorName = keyof typeof JsColorType
/** How the library of all other formats calls so many samples of so many bits. */
const layouts: Record<ColorName, [samples: Samples['samples'], bits: 8 | 16 | 32]> = {
  L8: [1, 8],
  La8: [2, 8],
  Rgb8: [3, 8],
  Rgba8: [4, 8],
  L16: [1, 16],
  La16: [2, 16],
  Rgb16: [3, 16],
  Rgba16: [4, 16],
  Rgb32F: [3, 32],
  Rgba32F: [4, 32],
}

async function decodeOther(bytes: Uint8Array, format: ReadableFormat): Promise<Decoded> {
  try {
    // Large, and of no use to most images.
    const { JsColorType, Transformer } = await import('@napi-rs/image')
    const transformer = new Transformer(bytes)
    const raw = await transformer.rawPixels()
    const { width, height, colorType } = await transformer.metadata()
    const name = Object.keys(layouts).find((each) => JsColorType[each as ColorName] === colorType)
    const [samples, bits] = layouts[name as ColorName]
    return { width, height, samples, values: valuesOf(raw, bits) }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new LabError('badInput', reasonOf(detail, format), { cause: error })
  }
}

/** @param raw native endian, in memory of the library's, which cannot be handed to another thread */
function valuesOf(raw: Uint8Array, bits: 8 | 16 | 32): Samples['values'] {
  const own = new Uint8Array(raw)
  if (bits === 8) return own
  return bits === 16 ? new Uint16Array(own.buffer) : new Float32Array(own.buffer)
}

function reasonOf(detail: string, format: ReadableFormat): string {
  if (/memory limit|too large/i.test(detail)) {
    return 'The image needs too much memory. Scale it down or save it with 8 bits per channel.'
  }
  if (/not support|unsupported/i.test(detail)) {
    return `This kind of ${format.toUpperCase()} is not supported. Save it as 8-bit or 16-bit PNG.`
  }
  return 'The file is damaged: it cannot be decoded. Copy it again.'
}
