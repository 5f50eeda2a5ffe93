import type { DraftImage } from '#shared/domain/datasetDraft.ts'
import type { PixelImage } from '../image/pixelImage.ts'
import type { ImageSize } from './planPatches.ts'

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
  const { channels, pixels } = image
  const thumbnail = createThumbnail(image, channels, width)
  const lineLength = image.width * channels
  for (let y = 0; y < image.height; y++)
    thumbnail.addRow(pixels.subarray(y * lineLength, (y + 1) * lineLength))
  return thumbnail.finish()
}

/** A thumbnail that is drawn while the image comes in row by row. */
export interface ThumbnailDrawing {
  addRow(row: Float32Array): void
  finish(): DraftImage['thumbnail']
}

/** As `drawThumbnail`. */
export function createThumbnail(image: ImageSize, channels: 1 | 3, width: number): ThumbnailDrawing {
  const scale = Math.min(1, width / image.width, (2 * width) / image.height)
  const columns = Math.max(1, Math.round(image.width * scale))
  const rows = Math.max(1, Math.round(image.height * scale))
  const lefts = Array.from({ length: columns + 1 }, (_, k) => Math.floor((k * image.width) / columns))
  const rgba = new Uint8Array(columns * rows * 4)
  const sums = new Float64Array(columns * channels)
  let y = 0
  let row = 0
  let top = 0

  function finishRow(): void {
    for (let column = 0; column < columns; column++) {
      const area = (y - top) * (lefts[column + 1] - lefts[column])
      const at = (row * columns + column) * 4
      for (let channel = 0; channel < 3; channel++) {
        const sum = sums[column * channels + (channels === 1 ? 0 : channel)]
        rgba[at + channel] = Math.round((sum / area) * 255)
      }
      rgba[at + 3] = 255
    }
    sums.fill(0)
    row += 1
    top = y
  }

  return {
    addRow(values) {
      for (let column = 0; column < columns; column++) {
        for (let channel = 0; channel < channels; channel++) {
          let sum = 0
          for (let x = lefts[column]; x < lefts[column + 1]; x++) sum += values[x * channels + channel]
          sums[column * channels + channel] += sum
        }
      }
      y += 1
      if (y === Math.floor(((row + 1) * image.height) / rows)) finishRow()
    },
    finish: () => ({ width: columns, height: rows, rgba }),
  }
}
