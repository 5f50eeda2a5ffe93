import { drawFilter, groundPicture, type Picture } from '#shared/filters/renderGrid.ts'
import { largestMagnitude, scaleFilter } from '#shared/filters/scaleFilter.ts'
import type { FilterShape } from './filterShape.ts'
import type { GridFit } from './fitGrid.ts'

/** Puts a picture on a canvas, one picture element a device pixel. */
export function putPicture(canvas: HTMLCanvasElement, picture: Picture, ratio: number): void {
  const { width, height, rgba } = picture
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  canvas.style.width = `${width / ratio}px`
  canvas.style.height = `${height / ratio}px`
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0)
}

/** Draws scaled levels with their upper left corner at (x, y): a square patch, or a strip for other data. */
export function drawShape(
  picture: Picture,
  levels: Uint8ClampedArray,
  shape: FilterShape,
  at: { x: number; y: number; scale: number },
): void {
  if (!shape.isStrip) return drawFilter(picture, levels, shape.width, shape.channels, at)
  for (let row = 0; row < shape.height * at.scale; row++) {
    for (let column = 0; column < shape.width * at.scale; column++) {
      const start = ((at.y + row) * picture.width + at.x + column) * 4
      picture.rgba.fill(levels[Math.floor(column / at.scale)], start, start + 3)
    }
  }
}

/** The filter of one unit: a row of W1. */
export const filterOf = (filters: Float32Array, shape: FilterShape, unit: number): Float32Array =>
  filters.subarray(unit * shape.visible, (unit + 1) * shape.visible)

/** The largest |v| of all filters: the peak of a shared scale. */
export const peakOf = (filters: Float32Array): number => largestMagnitude(filters)

/** What each canvas was last painted from: a new megabyte for every frame would keep the garbage collector busy. */
const pictures = new WeakMap<HTMLCanvasElement, Picture>()

/**
 * Draws a grid of filters over the whole canvas, on zero grey.
 * @param filters  h × n row-major
 * @param order    units in the order of their places; −1 leaves one empty
 * @param room     size of the canvas in device pixels
 * @param peak     largest absolute value of a shared scale; null: each filter has its own
 */
export function paintFilters(
  canvas: HTMLCanvasElement,
  filters: Float32Array,
  shape: FilterShape,
  order: readonly number[],
  fit: GridFit,
  room: { width: number; height: number; ratio: number },
  peak: number | null,
): void {
  const picture = groundPicture(room.width, room.height, pictures.get(canvas))
  pictures.set(canvas, picture)
  for (let place = 0; place < Math.min(fit.shown, order.length); place++) {
    if (order[place] < 0) continue
    const filter = filterOf(filters, shape, order[place])
    drawShape(picture, scaleFilter(filter, peak ?? undefined), shape, {
      x: fit.left + (place % fit.columns) * (shape.width * fit.scale + fit.gap),
      y: fit.top + Math.floor(place / fit.columns) * (shape.height * fit.scale + fit.gap),
      scale: fit.scale,
    })
  }
  putPicture(canvas, picture, room.ratio)
}
