import { JsColorType } from '@napi-rs/image'
import { LabError } from '#shared/domain/labError.ts'

/** Luma of Rec. 601, on sRGB values as they are stored (no linearisation), as MATLAB's rgb2gray has it. */
export const luma = { red: 0.299, green: 0.587, blue: 0.114 } as const

/** What shines through where an image is transparent. */
const midGrey = 0.5

interface Layout {
  samples: 1 | 2 | 3 | 4
  bits: 8 | 16 | 32
}

const layouts: Record<number, Layout> = {
  [JsColorType.L8]: { samples: 1, bits: 8 },
  [JsColorType.La8]: { samples: 2, bits: 8 },
  [JsColorType.Rgb8]: { samples: 3, bits: 8 },
  [JsColorType.Rgba8]: { samples: 4, bits: 8 },
  [JsColorType.L16]: { samples: 1, bits: 16 },
  [JsColorType.La16]: { samples: 2, bits: 16 },
  [JsColorType.Rgb16]: { samples: 3, bits: 16 },
  [JsColorType.Rgba16]: { samples: 4, bits: 16 },
  [JsColorType.Rgb32F]: { samples: 3, bits: 32 },
  [JsColorType.Rgba32F]: { samples: 4, bits: 32 },
}

/**
 * Decoded samples as grey or RGB values in [0, 1], transparency composed over mid grey.
 * @param raw height × width × samples, native endian
 * @returns height × width × channels
 */
export function toPixels(raw: Uint8Array, colorType: JsColorType, channels: 1 | 3): Float32Array {
  const layout = layouts[colorType]
  if (layout === undefined)
    throw new LabError('badInput', 'This kind of image is not supported. Save it as 8-bit PNG.')
  const { samples } = layout
  const values = samplesOf(raw, layout.bits)
  const scale = layout.bits === 32 ? 1 : 1 / (2 ** layout.bits - 1)
  const count = Math.floor(values.length / samples)
  const pixels = new Float32Array(count * channels)
  const coloured = samples >= 3
  const hasAlpha = samples % 2 === 0
  for (let i = 0; i < count; i++) {
    const at = i * samples
    const alpha = hasAlpha ? clamp(values[at + samples - 1] * scale) : 1
    const ground = midGrey * (1 - alpha)
    const red = clamp(values[at] * scale) * alpha + ground
    const green = coloured ? clamp(values[at + 1] * scale) * alpha + ground : red
    const blue = coloured ? clamp(values[at + 2] * scale) * alpha + ground : red
    if (channels === 1) {
      pixels[i] = coloured ? luma.red * red + luma.green * green + luma.blue * blue : red
    } else {
      pixels[i * 3] = red
      pixels[i * 3 + 1] = green
      pixels[i * 3 + 2] = blue
    }
  }
  return pixels
}

/** Whether any sample of a pixel's alpha says less than opaque: something of mid grey is in `toPixels`. */
export function isTransparent(raw: Uint8Array, colorType: JsColorType): boolean {
  const layout = layouts[colorType]
  if (layout === undefined || layout.samples % 2 === 1) return false
  const values = samplesOf(raw, layout.bits)
  const opaque = layout.bits === 32 ? 1 : 2 ** layout.bits - 1
  for (let at = layout.samples - 1; at < values.length; at += layout.samples) {
    if (!(values[at] >= opaque)) return true
  }
  return false
}

// Float images may lie outside, and NaN must not reach a patch.
const clamp = (value: number) => (value > 0 ? Math.min(value, 1) : 0)

function samplesOf(raw: Uint8Array, bits: 8 | 16 | 32): Uint8Array | Uint16Array | Float32Array {
  if (bits === 8) return raw
  const size = bits / 8
  // A wider view needs an aligned start.
  const bytes = raw.byteOffset % size === 0 ? raw : raw.slice()
  const count = Math.floor(bytes.byteLength / size)
  return bits === 16
    ? new Uint16Array(bytes.buffer, bytes.byteOffset, count)
    : new Float32Array(bytes.buffer, bytes.byteOffset, count)
}
