import { scaleFilter } from '#shared/filters/scaleFilter.ts'
import type { ShownFilters } from '../../composables/useSnapshot.ts'
import type { NamedColumns } from '../../format/csv.ts'
import type { FilterShape } from './filterShape.ts'
import { fitGrid, hugGrid, placeBox, type GridRoom } from './fitGrid.ts'
import { filterOf, paintFilters } from './paintFilters.ts'
import { tilesToSvg } from './tilesSvg.ts'

/** What a grid shows. */
export interface FilterSheet {
  filters: ShownFilters
  shape: FilterShape
  /** −1 leaves a place empty. */
  order: readonly number[]
  norms: Float32Array
  peak: number | null
}

/** Picture elements of a filter's pixel. */
const scale = 8

/** A grid as square as can be, whatever the window's size. */
function layOut({ shape, order }: FilterSheet) {
  const side = Math.ceil(Math.sqrt(order.length)) + 1
  const room: GridRoom = {
    width: side * (shape.width * scale + 8),
    height: side * (shape.height * scale + 8),
    count: order.length,
    filterWidth: shape.width,
    filterHeight: shape.height,
    ratio: 1,
  }
  const fit = fitGrid(room, scale)
  if (fit === null) throw new Error('There are no filters to export yet.')
  return hugGrid(fit, room)
}

export function filtersToPng(sheet: FilterSheet): Promise<Blob> {
  const { fit, room } = layOut(sheet)
  const canvas = document.createElement('canvas')
  paintFilters(canvas, sheet.filters.W1, sheet.shape, sheet.order, fit, room, sheet.peak)
  return canvasToPng(canvas)
}

export const canvasToPng = (canvas: HTMLCanvasElement): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.')))),
  )

export function filtersToSvg(sheet: FilterSheet): string {
  const { filters, shape, order, peak } = sheet
  const { fit, room } = layOut(sheet)
  const tiles = order.flatMap((unit, place) => {
    if (unit < 0) return []
    const { left: x, top: y } = placeBox(fit, room, place)
    const levels = scaleFilter(filterOf(filters.W1, shape, unit), peak ?? undefined)
    return [{ levels, x, y, title: `Unit ${unit + 1}` }]
  })
  return tilesToSvg({ ...room, ground: '#808080' }, tiles, shape, fit.scale)
}

/** A row a unit, in the order of the grid: its average activation, norm and weights. */
export function filterNumbers({ filters, shape, order: places, norms }: FilterSheet): NamedColumns {
  const order = places.filter((unit) => unit >= 0)
  return {
    head: ['unit', 'rhoHat', 'norm', ...Array.from({ length: shape.visible }, (_, i) => `w${i + 1}`)],
    columns: [
      order.map((unit) => unit + 1),
      order.map((unit) => filters.rhoHat[unit]),
      order.map((unit) => norms[unit]),
      ...Array.from({ length: shape.visible }, (_, i) =>
        order.map((unit) => filters.W1[unit * shape.visible + i]),
      ),
    ],
  }
}
