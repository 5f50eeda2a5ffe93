import type { RhoHatMap } from '#shared/domain/rhoHatMap.ts'
import type { Activation } from '#shared/domain/runConfig.ts'
import { activeShare } from '#shared/model/activations.ts'
import type { ChartTheme } from './chart.ts'
import { colourIndex, divergingColours } from './divergingColours.ts'
import type { Domain } from './domain.ts'
import type { Axis } from './lineChart.ts'
import { firstIndexFrom, lastIndexUpTo } from './nearest.ts'

export interface RhoHatMapChart {
  theme: ChartTheme
  map: RhoHatMap
  /** Units in the order of their rows, from the top. */
  order: readonly number[]
  /** All of the x axis, and the part of it that is shown (null for all). */
  axis: Axis
  range: Domain | null
  /** Where each of the map's iterations lies on it, ascending. */
  xs: Float64Array
  activation: Activation
  /** Sparsity target, which the colours are relative to. */
  rho: number
  isDark: boolean
}

/** As in the charts above and below, so that the same iteration stands at the same place. */
const margin = { left: 48, right: 4, top: 6, bottom: 22 }

/** So many decades from the target are drawn in the strongest colours: a tenth of it, ten times it. */
const decades = 1

const ends = {
  light: { low: '#0b4a9c', high: '#a84300' },
  dark: { low: '#5aa9ff', high: '#ff9a3d' },
}

export const mapColours = ({
  theme,
  isDark,
}: Pick<RhoHatMapChart, 'theme' | 'isDark'>): Uint8ClampedArray => {
  const { low, high } = isDark ? ends.dark : ends.light
  return divergingColours(low, theme.colours.bg, high)
}

/** How far an average activation is from the target, from −1 to 1 at a tenth and ten times it. */
export const distanceFromTarget = (rhoHat: number, { rho, activation }: RhoHatMapChart): number =>
  Math.log10(Math.max(activeShare(activation, rhoHat), 1e-12) / rho) / decades

interface Size {
  width: number
  height: number
}

/** A hidden unit at one of the map's iterations (an index of them). */
export interface MapCell {
  unit: number
  at: number
}

const plotOf = ({ width, height }: Size) => ({
  left: margin.left,
  top: margin.top,
  width: Math.max(1, width - margin.left - margin.right),
  height: Math.max(1, height - margin.top - margin.bottom),
})

/** Between values of the x axis and CSS pixels of the canvas. */
function places({ axis: whole, range }: Pick<RhoHatMapChart, 'axis' | 'range'>, size: Size) {
  const axis = {
    ...whole,
    min: Math.max(whole.min, range?.min ?? whole.min),
    max: Math.min(whole.max, range?.max ?? whole.max),
  }
  const plot = plotOf(size)
  const [to, from] = axis.scale === 'log' ? [Math.log, Math.exp] : [(x: number) => x, (x: number) => x]
  const first = to(axis.min)
  const span = to(axis.max) - first
  return {
    axis,
    plot,
    // A logarithmic axis draws what it cannot show, iteration 0, at its start.
    pixelOf: (x: number) => plot.left + ((to(Math.max(x, whole.min)) - first) / span) * plot.width,
    valueAt: (pixel: number) => from(first + ((pixel - plot.left) / plot.width) * span),
  }
}

/** Where the last recorded iteration ends: each is as wide as they are on average. */
function endOf({ xs, map: { iteration } }: Pick<RhoHatMapChart, 'xs' | 'map'>): number {
  const last = iteration.length - 1
  return xs[last] + Math.max(xs[last], 1) / Math.max(iteration[last], 1)
}

/** The cell at a point of the canvas; null outside or where nothing is recorded yet. */
export function mapCellAt(chart: RhoHatMapChart, size: Size, x: number, y: number): MapCell | null {
  const { plot, valueAt } = places(chart, size)
  const row = Math.floor(((y - plot.top) / plot.height) * chart.order.length)
  const at = lastIndexUpTo(chart.xs, valueAt(x) + 1e-9)
  const isInside = x >= plot.left && x < plot.left + plot.width && row >= 0 && row < chart.order.length
  if (!isInside || at < 0 || valueAt(x) > endOf(chart)) return null
  return { unit: chart.order[row], at }
}

/** Where a cell lies on the canvas, in CSS pixels: its left edge and its row. */
export function mapPlaceOf(chart: RhoHatMapChart, size: Size, { unit, at }: MapCell) {
  const { plot, pixelOf } = places(chart, size)
  const height = plot.height / chart.order.length
  const x = pixelOf(chart.xs[at])
  return {
    plot,
    x,
    isShown: x >= plot.left - 0.5 && x <= plot.left + plot.width + 0.5,
    top: plot.top + chart.order.indexOf(unit) * height,
    height,
  }
}

/**
 * The part of the x axis between two CSS pixels of the canvas, as much of it as is shown.
 * @returns with its place on the canvas; null outside the plot
 */
export function mapRangeBetween(chart: RhoHatMapChart, size: Size, from: number, to: number) {
  const { plot, valueAt } = places(chart, size)
  const inside = (x: number) => Math.min(plot.left + plot.width, Math.max(plot.left, x))
  const [left, right] = [inside(Math.min(from, to)), inside(Math.max(from, to))]
  if (left === right) return null
  const range: Domain = { min: valueAt(left), max: valueAt(right) }
  return { range, left, width: right - left, top: plot.top, height: plot.height }
}

/**
 * The cell that keys lead to: so many rows down, or to the next iteration that lies at least two pixels further to
 * the right (or left), within what is shown.
 */
export function mapCellFrom(
  chart: RhoHatMapChart,
  size: Size,
  from: MapCell,
  { rows = 0, columns = 0 }: { rows?: number; columns?: number },
): MapCell {
  const { order, xs } = chart
  const { axis, pixelOf } = places(chart, size)
  const row = Math.min(order.length - 1, Math.max(0, order.indexOf(from.unit) + rows))
  const first = Math.max(0, lastIndexUpTo(xs, axis.min))
  const last = Math.max(first, lastIndexUpTo(xs, axis.max))
  let at = Math.min(last, Math.max(first, from.at))
  const start = pixelOf(xs[at])
  while (columns !== 0 && at + columns >= first && at + columns <= last) {
    at += columns
    if (Math.abs(pixelOf(xs[at]) - start) >= 2) break
  }
  return { unit: order[row], at }
}

/** The first or last cell of a row that is shown. */
export function mapEndOf({ xs, axis, range }: RhoHatMapChart, unit: number, end: 'first' | 'last'): MapCell {
  const at =
    end === 'first'
      ? Math.min(xs.length - 1, firstIndexFrom(xs, range?.min ?? axis.min))
      : Math.max(0, lastIndexUpTo(xs, range?.max ?? axis.max))
  return { unit, at }
}

/** Draws the map with its axes in CSS pixels from (0, 0). @param ratio  device pixels in a CSS pixel */
export function paintRhoHatMap(
  ctx: CanvasRenderingContext2D,
  chart: RhoHatMapChart,
  size: Size,
  ratio: number,
): void {
  const { theme, order } = chart
  const { axis, plot, pixelOf, valueAt } = places(chart, size)
  const picture = mapPicture(chart, Math.max(1, Math.round(plot.width * ratio)), (share) =>
    valueAt(plot.left + share * plot.width),
  )
  if (picture) {
    ctx.imageSmoothingEnabled = order.length > plot.height * ratio
    ctx.drawImage(picture, plot.left, plot.top, plot.width, plot.height)
  }
  ctx.strokeStyle = theme.colours.grid
  ctx.strokeRect(plot.left + 0.5, plot.top + 0.5, plot.width - 1, plot.height - 1)
  ctx.font = `11px ${theme.font}`
  ctx.fillStyle = theme.colours['text-3']
  ctx.textBaseline = 'alphabetic'
  const { labelled } = axis.ticks(plot.width, axis)
  labelled.forEach((value, i) => {
    ctx.textAlign = i === 0 ? 'left' : i === labelled.length - 1 ? 'right' : 'center'
    ctx.fillText(axis.label(value), pixelOf(value), plot.top + plot.height + 16)
  })
  ctx.textAlign = 'right'
  ctx.fillText('1', plot.left - 8, plot.top + 9)
  ctx.fillText(String(order.length), plot.left - 8, plot.top + plot.height - 1)
}

/** The colours alone: a row a unit, a column a device pixel; null before anything is recorded. */
function mapPicture(
  chart: RhoHatMapChart,
  width: number,
  valueAt: (share: number) => number,
): HTMLCanvasElement | null {
  const { map, order, xs } = chart
  const { hidden, rhoHat } = map
  if (xs.length === 0 || order.length === 0) return null
  const colours = mapColours(chart)
  const image = new ImageData(width, order.length)
  const end = endOf(chart)
  for (let column = 0; column < width; column++) {
    const x = valueAt((column + 0.5) / width)
    const at = lastIndexUpTo(xs, x)
    if (at < 0 || x > end) continue
    for (let row = 0; row < order.length; row++) {
      const colour = 3 * colourIndex(distanceFromTarget(rhoHat[at * hidden + order[row]], chart))
      const place = 4 * (row * width + column)
      for (let c = 0; c < 3; c++) image.data[place + c] = colours[colour + c]
      image.data[place + 3] = 255
    }
  }
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = order.length
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  return canvas
}
