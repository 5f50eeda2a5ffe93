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
