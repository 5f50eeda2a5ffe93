import type { Samples } from './decoded.ts'

/** Luma of Rec. 601, on sRGB values as they are stored (no linearisation), as MATLAB's rgb2gray has it. */
export const luma = { red: 0.299, green: 0.587, blue: 0.114 } as const

/** What shines through where an image is transparent. */
const midGrey = 0.5

/** What a sample is divided by. */
export const fullScale = (values: Samples['values']): number =>
  values instanceof Float32Array ? 1 : values instanceof Uint16Array ? 65_535 : 255

/**
 * Decoded samples as grey or RGB values in [0, 1], transparency composed over mid grey.
 * @returns all pixels × channels
 */
export function toPixels(decoded: Samples, channels: 1 | 3): Float32Array {
  const count = Math.floor(decoded.values.length / decoded.samples)
  const pixels = new Float32Array(count * channels)
  copyPixels(decoded, channels, 0, count, pixels, 0)
  return pixels
}

/** As `toPixels`, of `count` pixels from `start`, written into `to` from `at`. */
export function copyPixels(
  { samples, values }: Samples,
  channels: 1 | 3,
  start: number,
  count: number,
  to: Float32Array,
  at: number,
): void {
  const scale = 1 / fullScale(values)
  const coloured = samples >= 3
  const hasAlpha = samples % 2 === 0
  for (let i = 0; i < count; i++) {
    const from = (start + i) * samples
    const alpha = hasAlpha ? clamp(values[from + samples - 1] * scale) : 1
    const ground = midGrey * (1 - alpha)
    const red = clamp(values[from] * scale) * alpha + ground
    const green = coloured ? clamp(values[from + 1] * scale) * alpha + ground : red
    const blue = coloured ? clamp(values[from + 2] * scale) * alpha + ground : red
    if (channels === 1) {
      to[at + i] = coloured ? luma.red * red + luma.green * green + luma.blue * blue : red
    } else {
      to[at + i * 3] = red
      to[at + i * 3 + 1] = green
      to[at + i * 3 + 2] = blue
    }
  }
}

/** Whether any sample of a pixel's alpha says less than opaque: something of mid grey is in `toPixels`. */
export function isTransparent({ samples, values }: Samples): boolean {
  if (samples % 2 === 1) return false
  const opaque = fullScale(values)
  for (let at = samples - 1; at < values.length; at += samples) {
    if (!(values[at] >= opaque)) return true
  }
  return false
}

// Float images may lie outside, and NaN must not reach a patch.
const clamp = (value: number) => (value > 0 ? Math.min(value, 1) : 0)
