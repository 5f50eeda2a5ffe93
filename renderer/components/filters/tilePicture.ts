import { scaleFilter } from '#shared/filters/scaleFilter.ts'
import type { NamedColumns } from '../../format/csv.ts'
import type { FilterShape } from '../../filters/filterShape.ts'
import { fitGrid, hugGrid, placeBox, type GridRoom } from '../../filters/fitGrid.ts'
import { filterOf, paintFilters } from '../../filters/paintFilters.ts'
import { tilesToSvg } from '../../filters/tilesSvg.ts'

/** Filters or patches in a grid. */
export interface TileSheet {
  /** rows × n, row-major */
  values: Float32Array
  shape: FilterShape
  /** Rows in the order of their places; −1 leaves a place empty. */
  order: readonly number[]
  /** Largest absolute value of a shared scale; null: each has its own. */
  peak: number | null
  /** A CSS colour between the tiles; by default the grey of zero, which a patch may well have. */
  ground?: string
  /** What a row is called. */
  nameOf: (row: number) => string
}

/** Picture elements of a tile's pixel: more where there are few tiles, so that the picture is no stamp. */
const leastScale = 8
const leastWidth = 256

/** A grid as square as can be, whatever the window's size. */
function layOut({ shape, order }: TileSheet) {
  const columns = Math.ceil(Math.sqrt(order.length))
  const scale = Math.max(leastScale, Math.floor(leastWidth / (columns * shape.width)))
  const side = columns + 1
  const room: GridRoom = {
    width: side * (shape.width * scale + 8),
    height: side * (shape.height * scale + 8),
    count: order.length,
    filterWidth: shape.width,
    filterHeight: shape.height,
    ratio: 1,
  }
  const fit = fitGrid(room, scale)
  if (fit === null) throw new Error('There is nothing to export yet.')
  return hugGrid(fit, room)
}

export function tileSheetToPng(sheet: TileSheet): Promise<Blob> {
  const { values, shape, order, peak, ground } = sheet
  const { fit, room } = layOut(sheet)
  const canvas = document.createElement('canvas')
  paintFilters(canvas, values, shape, order, fit, room, peak)
  const ctx = canvas.getContext('2d')
  if (ground !== undefined && ctx !== null) {
    ctx.beginPath()
    ctx.rect(0, 0, room.width, room.height)
    order.forEach((row, place) => {
      const { left, top, width, height } = placeBox(fit, room, place)
      if (row >= 0) ctx.rect(left, top, width, height)
    })
    ctx.fillStyle = ground
    // Between the tiles alone: each of them cuts a hole.
    ctx.fill('evenodd')
  }
  return canvasToPng(canvas)
}

export const canvasToPng = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.')))),
  )

export function tileSheetToSvg(sheet: TileSheet): string {
  const { values, shape, order, peak, ground = '#808080', nameOf } = sheet
  const { fit, room } = layOut(sheet)
  const tiles = order.flatMap((row, place) => {
    if (row < 0) return []
    const { left: x, top: y } = placeBox(fit, room, place)
    const levels = scaleFilter(filterOf(values, shape, row), peak ?? undefined)
    return [{ levels, x, y, title: nameOf(row) }]
  })
  return tilesToSvg({ ...room, ground }, tiles, shape, fit.scale)
}

/**
 * Rows of values with what else is known of each, a row a line.
 * @param known  columns as long as `order`; @param letter  names the values: "w1", "w2"
 */
export function tileNumbers(
  known: NamedColumns,
  values: Float32Array,
  { visible }: FilterShape,
  order: readonly number[],
  letter: 'w' | 'x',
): NamedColumns {
  const places = Array.from({ length: visible }, (_, i) => i)
  return {
    head: [...known.head, ...places.map((i) => `${letter}${i + 1}`)],
    columns: [...known.columns, ...places.map((i) => order.map((row) => values[row * visible + i]))],
  }
}
