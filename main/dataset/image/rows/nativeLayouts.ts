import { JsColorType } from '@napi-rs/image'

/** How the image library calls so many samples of so many bits; the samples of 16 bits are native endian. */
export const nativeLayouts: Record<1 | 2 | 3 | 4, Record<8 | 16, JsColorType>> = {
  1: { 8: JsColorType.L8, 16: JsColorType.L16 },
  2: { 8: JsColorType.La8, 16: JsColorType.La16 },
  3: { 8: JsColorType.Rgb8, 16: JsColorType.Rgb16 },
  4: { 8: JsColorType.Rgba8, 16: JsColorType.Rgba16 },
}
