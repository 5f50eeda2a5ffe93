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

/** A picture that is zero everywhere: #808080. */
export function groundPicture(width: number, height: number): Picture {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(zeroLevel)
  for (let i = 3; i < rgba.length; i += 4) rgba[i] = 255
  return { width, height, rgba }
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
  const side = patchSize * scale
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const pixel = Math.floor(row / scale) * patchSize + Math.floor(column / scale)
      const at = ((y + row) * width + x + column) * 4
      for (let c = 0; c < 3; c++) rgba[at + c] = levels[channels === 3 ? pixel * 3 + c : pixel]
    }
  }
}
