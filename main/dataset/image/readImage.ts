import { stat } from 'node:fs/promises'
import { Transformer } from '@napi-rs/image'
import { readRegularFile } from '#db/regularFile.ts'
import { LabError } from '#shared/domain/labError.ts'
import { checkImage, refuseLargeFile } from './checkImage.ts'
import type { Decoded } from './decoded.ts'
import { decodeGif } from './gif/decodeGif.ts'
import type { ReadableFormat } from './imageFormat.ts'
import type { PixelImage } from './pixelImage.ts'
import { isTransparent, toPixels } from './toPixels.ts'

/**
 * Reads an image file as grey (luma of Rec. 601) or RGB: PNG, JPEG, WebP, TIFF, BMP and GIF (its first frame),
 * recognised by content. 16-bit samples keep their precision, palettes are resolved, transparency lies over mid grey,
 * the orientation that a camera noted is applied.
 * @throws LabError badInput with one sentence for the user: what is wrong with the file and the mend.
 */
export async function readImage(path: string, channels: 1 | 3): Promise<PixelImage> {
  refuseLargeFile((await stat(path)).size)
  return decodeImage(await readRegularFile(path), channels)
}

/** As `readImage`, from a file's bytes. */
export async function decodeImage(bytes: Uint8Array, channels: 1 | 3): Promise<PixelImage> {
  const { width, height, raw, colorType } = await decode(bytes, checkImage(bytes))
  const pixels = toPixels(raw, colorType, channels)
  return { width, height, channels, pixels, isTransparent: isTransparent(raw, colorType) }
}

async function decode(bytes: Uint8Array, format: ReadableFormat): Promise<Decoded> {
  if (format === 'gif') return decodeGif(bytes)
  try {
    const transformer = new Transformer(bytes).rotate()
    const raw = await transformer.rawPixels()
    const { width, height, colorType } = await transformer.metadata()
    return { width, height, colorType, raw }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new LabError('badInput', reasonOf(detail, format), { cause: error })
  }
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
