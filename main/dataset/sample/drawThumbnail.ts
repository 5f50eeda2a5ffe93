import type { DraftImage } from '#shared/domain/datasetDraft.ts'
import { copyRun, type LazyImage, type PixelImage } from '../image/pixelImage.ts'
import { fullScale, luma } from '../image/toPixels.ts'
import type { ImageSize } from './planPatches.ts'

const maximumWidth = 320
/** All thumbnails of a dataset together stay below this. */
const budgetBytes = 64_000_000

/** The widest that thumbnails may be when there are so many: 320 px for up to 78 images, then less. */
export function thumbnailWidth(images: number): number {
  const bytesPerPixel = 4
  const aspect = 2
  return Math.max(
    16,
    Math.min(maximumWidth, Math.floor(Math.sqrt(budgetBytes / (images * bytesPerPixel * aspect)))),
  )
}

/**
 * Shrinks an image by averaging areas; of a larger one than 4 × 4 pixels, 16 that are spread evenly. Never enlarges. At
 * most `width` wide and twice as high.
 */
export function drawThumbnail(image: PixelImage | LazyImage, width: number): DraftImage['thumbnail'] {
  const { channels } = image
  // Whole numbers without alpha can be summed before anything else is done to them.
  const isPlain = 'values' in image && image.samples % 2 === 1 && !(image.values instanceof Float32Array)
  const samples = isPlain ? (image.samples as 1 | 3) : channels
  const grid = gridOf(image, samples, width, {
    isGrey: channels === 1,
    scale: isPlain ? fullScale(image.values) : 1,
  })
  const line = new Float32Array(isPlain ? 0 : image.width * channels)
  for (let row = 0; row < grid.rows; row++) {
    for (const y of grid.linesOf(row)) {
      if (!isPlain) copyRun(image, y * image.width, image.width, line, 0)
      if (isPlain) grid.add(image.values, y * image.width * samples)
      else grid.add(line, 0)
    }
    grid.finishRow(row)
  }
  return grid.finish()
}

/** A thumbnail that is drawn while the image comes in row by row. */
export interface ThumbnailDrawing {
  addRow(row: Float32Array): void
  finish(): DraftImage['thumbnail']
}

/** As `drawThumbnail`. */
export function createThumbnail(image: ImageSize, channels: 1 | 3, width: number): ThumbnailDrawing {
  const grid = gridOf(image, channels, width, { isGrey: channels === 1, scale: 1 })
  let y = 0
  let row = 0
  let lines = grid.linesOf(0)
  return {
    addRow(values) {
      if (lines.includes(y)) grid.add(values, 0)
      if (y === lines.at(-1)) {
        grid.finishRow(row)
        row += 1
        lines = grid.linesOf(row)
      }
      y += 1
    },
    finish: grid.finish,
  }
}

interface Grid {
  rows: number
  /** Lines of the image that a row of the thumbnail is made of. */
  linesOf(row: number): number[]
  /** Adds a line to the present row. @param start where it begins */
  add(values: Float32Array | Uint8Array | Uint16Array, start: number): void
  finishRow(row: number): void
  finish(): DraftImage['thumbnail']
}

/** Of so many pixels in a row or column at most, an area's average is made. */
const mostAveraged = 4

/** Whole numbers from `from` up to `to`; of many, a few that are spread evenly. */
function spread(from: number, to: number): number[] {
  const count = Math.min(mostAveraged, to - from)
  return Array.from({ length: count }, (_, k) => from + Math.floor(((k + 0.5) * (to - from)) / count))
}

/**
 * @param samples of a pixel in the lines
 * @param isGrey  three samples are shown as their luma
 * @param scale   the sample that is 1
 */
function gridOf(
  image: ImageSize,
  samples: 1 | 3,
  width: number,
  { isGrey, scale }: { isGrey: boolean; scale: number },
): Grid {
  const shrunk = Math.min(1, width / image.width, (2 * width) / image.height)
  const columns = Math.max(1, Math.round(image.width * shrunk))
  const rows = Math.max(1, Math.round(image.height * shrunk))
  const startOf = (k: number, size: number, parts: number) => Math.floor((k * size) / parts)
  const columnsOf = (k: number) =>
    spread(startOf(k, image.width, columns), startOf(k + 1, image.width, columns))
  const linesOf = (k: number) => spread(startOf(k, image.height, rows), startOf(k + 1, image.height, rows))
  // Where in a line the samples of each column are, and where each column's begin among these.
  const places = new Int32Array(columns * mostAveraged)
  const first = new Int32Array(columns + 1)
  for (let k = 0; k < columns; k++) {
    const own = columnsOf(k)
    for (const [i, x] of own.entries()) places[first[k] + i] = x * samples
    first[k + 1] = first[k] + own.length
  }
  const sums = new Float64Array(columns * samples)
  const rgba = new Uint8Array(columns * rows * 4)
  return {
    rows,
    linesOf,
    add: (values, start) => addLine(values, start, places, first, sums, samples),
    finishRow(row) {
      const lines = linesOf(row).length
      for (let column = 0; column < columns; column++) {
        const share = 255 / (lines * (first[column + 1] - first[column]) * scale)
        const from = column * samples
        let red = sums[from]
        let green = samples === 1 ? red : sums[from + 1]
        let blue = samples === 1 ? red : sums[from + 2]
        if (isGrey && samples === 3)
          red = green = blue = luma.red * red + luma.green * green + luma.blue * blue
        const at = (row * columns + column) * 4
        rgba[at] = Math.round(red * share)
        rgba[at + 1] = Math.round(green * share)
        rgba[at + 2] = Math.round(blue * share)
        rgba[at + 3] = 255
      }
      sums.fill(0)
    },
    finish: () => ({ width: columns, height: rows, rgba }),
  }
}

/** Adds a line's samples at these places to the sums of their columns. */
function addLine(
  values: Float32Array | Uint8Array | Uint16Array,
  start: number,
  places: Int32Array,
  first: Int32Array,
  sums: Float64Array,
  samples: number,
): void {
  for (let column = 0, to = 0; column + 1 < first.length; column++) {
    const end = first[column + 1]
    for (let channel = 0; channel < samples; channel++, to++) {
      let sum = 0
      for (let i = first[column]; i < end; i++) sum += values[start + places[i] + channel]
      sums[to] += sum
    }
  }
}
