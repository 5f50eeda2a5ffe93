import { cellAt, filterGrid, type GridOptions } from './filterGrid.ts'
import { largestMagnitude, scaleFilter, zeroLevel } from './scaleFilter.ts'

export interface Picture {
  width: number
  height: number
  /** Row-major, 4 bytes a picture element, opaque. */
  rgba: Uint8ClampedArray<ArrayBuffer>
}

export interface RenderOptions extends GridOptions {
  /** `own` (default): each filter by its own largest magnitude. `shared`: all by the largest of all; or by a number. */
  range?: 'own' | 'shared' | number
}

const [zeroElement] = new Uint32Array(Uint8Array.of(zeroLevel, zeroLevel, zeroLevel, 255).buffer)

/** A picture that is zero everywhere: #808080. @param used  is taken and cleared if it has that size */
export function groundPicture(width: number, height: number, used?: Picture): Picture {
  const fits = used?.width === width && used.height === height
  const picture = fits ? used : { width, height, rgba: new Uint8ClampedArray(width * height * 4) }
  new Uint32Array(picture.rgba.buffer).fill(zeroElement)
  return picture
}

/**
 * Filters side by side, nearest neighbour at a whole scale, on zero grey.
 * @param filters   count × (patchSize² · channels), row-major: rows of W1
 * @param channels  1 for grey; 3 for colour with the channel last: value (y·patchSize + x)·3 + c
 */
export function renderGrid(
  filters: Float32Array | Float64Array,
  count: number,
  patchSize: number,
  channels: 1 | 3,
  options: RenderOptions = {},
): Picture {
  const grid = filterGrid(count, patchSize, options)
  const picture = groundPicture(grid.width, grid.height)
  const length = patchSize * patchSize * channels
  const { range = 'own' } = options
  const scale =
    range === 'own'
      ? undefined
      : range === 'shared'
        ? largestMagnitude(filters.subarray(0, count * length))
        : range
  for (let index = 0; index < count; index++) {
    const levels = scaleFilter(filters.subarray(index * length, (index + 1) * length), scale)
    drawFilter(picture, levels, patchSize, channels, { ...cellAt(grid, index), scale: grid.scale })
  }
  return picture
}

/** Draws one filter's levels with its upper left corner at (x, y). */
export function drawFilter(
  { rgba, width }: Picture,
  levels: Uint8ClampedArray,
  patchSize: number,
  channels: 1 | 3,
  { x, y, scale }: { x: number; y: number; scale: number },
): void {
  const rowBytes = width * 4
  for (let row = 0; row < patchSize; row++) {
    const start = (y + row * scale) * rowBytes + x * 4
    let at = start
    for (let pixel = row * patchSize; pixel < (row + 1) * patchSize; pixel++) {
      for (let k = 0; k < scale; k++, at += 4) {
        for (let c = 0; c < 3; c++) rgba[at + c] = levels[channels === 3 ? pixel * 3 + c : pixel]
      }
    }
    // The other lines of the row are copies: hundreds of filters are drawn anew for every frame of a time slider.
    for (let line = 1; line < scale; line++) rgba.copyWithin(start + line * rowBytes, start, at)
  }
}
