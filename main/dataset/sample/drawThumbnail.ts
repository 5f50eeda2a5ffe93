import type { DraftImage } from '#shared/domain/datasetDraft.ts'
import type { PixelImage } from '../image/pixelImage.ts'

const maximumWidth = 320
/** All thumbnails of a dataset together stay below this. */
const budgetBytes = 128_000_000

/** The widest that thumbnails may be when there are so many: 320 px for up to 156 images, then less. */
export function thumbnailWidth(images: number): number {
  const bytesPerPixel = 4
  const aspect = 2
  return Math.max(
    16,
    Math.min(maximumWidth, Math.floor(Math.sqrt(budgetBytes / (images * bytesPerPixel * aspect)))),
  )
}

/** Shrinks an image by averaging whole areas; never enlarges. At most `width` wide and twice as high. */
export function drawThumbnail(image: PixelImage, width: number): DraftImage['thumbnail'] {
  const scale = Math.min(1, width / image.width, (2 * width) / image.height)
  const columns = Math.max(1, Math.round(image.width * scale))
  const rows = Math.max(1, Math.round(image.height * scale))
  const rgba = new Uint8Array(columns * rows * 4)
  const { channels, pixels } = image
  for (let row = 0; row < rows; row++) {
    const top = Math.floor((row * image.height) / rows)
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * image.height) / rows))
    for (let column = 0; column < columns; column++) {
      const left = Math.floor((column * image.width) / columns)
      const right = Math.max(left + 1, Math.floor(((column + 1) * image.width) / columns))
      const at = (row * columns + column) * 4
      for (let channel = 0; channel < 3; channel++) {
        if (channel > 0 && channels === 1) {
          rgba[at + channel] = rgba[at]
          continue
        }
        let sum = 0
        for (let y = top; y < bottom; y++) {
          const line = y * image.width
          for (let x = left; x < right; x++) sum += pixels[(line + x) * channels + channel]
        }
        rgba[at + channel] = Math.round((sum / ((bottom - top) * (right - left))) * 255)
      }
      rgba[at + 3] = 255
    }
  }
  return { width: columns, height: rows, rgba }
}
