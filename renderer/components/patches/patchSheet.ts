import type { Picture } from '#shared/filters/renderGrid.ts'
import type { FilterShape } from '../../filters/filterShape.ts'
import { drawShape, filterOf } from '../../filters/paintFilters.ts'

/** Values that become black and white; what lies outside is clipped. */
export interface ValueRange {
  black: number
  white: number
}

/** Patches in rows and columns; all lengths in device pixels. */
export interface SheetLayout {
  columns: number
  rows: number
  scale: number
  gap: number
  width: number
  height: number
}

/** As large as whole pixels allow in a width, with so many columns; a strip is as wide as the sheet allows. */
export function sheetLayout(
  shape: FilterShape,
  count: number,
  columns: number,
  width: number,
  gap: number,
): SheetLayout {
  const scale = Math.max(1, Math.floor((width - (columns - 1) * gap) / (columns * shape.width)))
  const rows = Math.ceil(count / columns)
  return {
    columns,
    rows,
    scale,
    gap,
    width: columns * (shape.width * scale + gap) - gap,
    height: Math.max(0, rows * (shape.height * scale + gap) - gap),
  }
}

/** Values as grey (or colour) levels between black and white; without a range, and for NaN, mid grey. */
export function patchLevels(values: Float32Array, { black, white }: ValueRange): Uint8ClampedArray {
  const levels = new Uint8ClampedArray(values.length).fill(128)
  if (!(white > black)) return levels
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) levels[i] = ((values[i] - black) / (white - black)) * 255
  }
  return levels
}

/** Patches side by side; between them the page shows through. @param patches count × n, row-major */
export function drawSheet(
  patches: Float32Array,
  count: number,
  shape: FilterShape,
  layout: SheetLayout,
  range: ValueRange,
): Picture {
  const { width, height, scale, gap, columns } = layout
  const picture: Picture = { width, height, rgba: new Uint8ClampedArray(width * height * 4) }
  const cellWidth = shape.width * scale
  const cellHeight = shape.height * scale
  for (let k = 0; k < count; k++) {
    const x = (k % columns) * (cellWidth + gap)
    const y = Math.floor(k / columns) * (cellHeight + gap)
    drawShape(picture, patchLevels(filterOf(patches, shape, k), range), shape, { x, y, scale })
    for (let line = y; line < y + cellHeight; line++) {
      for (let column = x; column < x + cellWidth; column++)
        picture.rgba[(line * width + column) * 4 + 3] = 255
    }
  }
  return picture
}
