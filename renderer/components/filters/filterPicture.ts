import { scaleFilter } from '#shared/filters/scaleFilter.ts'
import type { ShownFilters } from '../../composables/useSnapshot.ts'
import type { NamedColumns } from '../../format/csv.ts'
import type { FilterShape } from './filterShape.ts'
import { fitGrid, hugGrid, type GridRoom } from './fitGrid.ts'
import { filterOf, paintFilters } from './paintFilters.ts'

/** What a grid shows. */
export interface FilterSheet {
  filters: ShownFilters
  shape: FilterShape
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
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.')))),
  )
}

/** A rectangle for each run of equal pixels in a row: sharp at any size. */
export function filtersToSvg(sheet: FilterSheet): string {
  const { filters, shape, order, peak } = sheet
  const { fit, room } = layOut(sheet)
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${room.width}" height="${room.height}" shape-rendering="crispEdges">`,
    `<rect width="${room.width}" height="${room.height}" fill="#808080"/>`,
  ]
  order.forEach((unit, place) => {
    const left = fit.left + (place % fit.columns) * (shape.width * fit.scale + fit.gap)
    const top = fit.top + Math.floor(place / fit.columns) * (shape.height * fit.scale + fit.gap)
    const levels = scaleFilter(filterOf(filters.W1, shape, unit), peak ?? undefined)
    parts.push(`<g transform="translate(${left} ${top}) scale(${fit.scale})"><title>Unit ${unit + 1}</title>`)
    parts.push(...rectangles(levels, shape), '</g>')
  })
  return [...parts, '</svg>'].join('\n')
}

function rectangles(levels: Uint8ClampedArray, { width, height, channels, isStrip }: FilterShape): string[] {
  const colourAt = (row: number, column: number): string => {
    const pixel = isStrip ? column : row * width + column
    const at = (c: number) => levels[channels === 3 ? 3 * pixel + c : pixel]
    return `#${[at(0), at(1), at(2)].map((level) => level.toString(16).padStart(2, '0')).join('')}`
  }
  const found: string[] = []
  for (let row = 0; row < (isStrip ? 1 : height); row++) {
    for (let column = 0; column < width;) {
      const colour = colourAt(row, column)
      let end = column + 1
      while (end < width && colourAt(row, end) === colour) end++
      const size = `width="${end - column}" height="${isStrip ? height : 1}"`
      found.push(`<rect x="${column}" y="${row}" ${size} fill="${colour}"/>`)
      column = end
    }
  }
  return found
}

/** A row a unit, in the order of the grid: its average activation, norm and weights. */
export function filterNumbers({ filters, shape, order, norms }: FilterSheet): NamedColumns {
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
