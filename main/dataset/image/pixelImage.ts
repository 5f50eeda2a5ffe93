import type { Decoded } from './decoded.ts'
import { copyPixels } from './toPixels.ts'

/** An image as patches are taken from it. */
export interface PixelImage {
  width: number
  height: number
  channels: 1 | 3
  /** height × width × channels, row-major, sRGB values in [0, 1]. */
  pixels: Float32Array
  /** Whether mid grey shines through somewhere; left out where there can be no transparency. */
  isTransparent?: boolean
}

/** The same, of which pixels become values where they are asked for. */
export interface LazyImage extends Decoded {
  channels: 1 | 3
  isTransparent?: boolean
  /** Its values come from another range, from whose least to largest they were scaled. */
  isScaled?: boolean
}

/** Copies the values of `count` pixels from `start` (row · width + column) into `to` from `at`. */
export function copyRun(
  image: PixelImage | LazyImage,
  start: number,
  count: number,
  to: Float32Array,
  at: number,
): void {
  const { channels } = image
  if ('values' in image) copyPixels(image, channels, start, count, to, at)
  else to.set(image.pixels.subarray(start * channels, (start + count) * channels), at)
}
