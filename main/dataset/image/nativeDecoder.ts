import { createRequire } from 'node:module'
import type { JsColorType } from '@napi-rs/image'
import { LabError } from '#shared/domain/labError.ts'
import type { Decoded, Samples } from './decoded.ts'

type ColorName = keyof typeof JsColorType
/** How the library calls so many samples of so many bits. */
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

/**
 * Decodes by @napi-rs/image, as the file is stored: no orientation is followed.
 * @param format as a sentence names it
 * @throws LabError badInput where the file is damaged or of a kind that is not read
 */
export function decodeNative(bytes: Uint8Array, format: string): Decoded {
  // Large, and of no use to most images.
  const library = createRequire(import.meta.url)('@napi-rs/image') as typeof import('@napi-rs/image')
  try {
    const transformer = new library.Transformer(bytes)
    const raw = transformer.rawPixelsSync()
    const { width, height, colorType } = transformer.metadataSync()
    const name = Object.keys(layouts).find((each) => library.JsColorType[each as ColorName] === colorType)
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

function reasonOf(detail: string, format: string): string {
  if (/memory limit|too large/i.test(detail)) {
    return 'The image needs too much memory. Scale it down or save it with 8 bits per channel.'
  }
  if (/not support|unsupported/i.test(detail)) {
    return `This kind of ${format.toUpperCase()} is not supported. Save it as 8-bit or 16-bit PNG.`
  }
  return 'The file is damaged: it cannot be decoded. Copy it again.'
}
