import type { JsColorType } from '@napi-rs/image'

/** An image as a decoder hands it over. */
export interface Decoded {
  width: number
  height: number
  colorType: JsColorType
  /** height × width × samples, native endian */
  raw: Uint8Array
}
