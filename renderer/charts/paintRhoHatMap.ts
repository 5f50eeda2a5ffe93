import type { RhoHatMap } from '#shared/domain/rhoHatMap.ts'
import type { Activation } from '#shared/domain/runConfig.ts'
import { activeShare } from '#shared/model/cost.ts'
import type { ChartTheme } from './chart.ts'
import { colourIndex, divergingColours } from './divergingColours.ts'
import { lastIndexUpTo } from './nearest.ts'
import { type AxisScale, iterationAxis } from './xAxis.ts'

export interface RhoHatMapChart {
  theme: ChartTheme
  map: RhoHatMap
  /** Units in the order of their rows, from the top. */
  order: readonly number[]
  planned: number
  xScale: AxisScale
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

const plotOf = ({ width, height }: Size) => ({
  left: margin.left,
  top: margin.top,
  width: Math.max(1, width - margin.left - margin.right),
  height: Math.max(1, height - margin.top - margin.bottom),
})

/** Between iterations and CSS pixels of the canvas. */
function places(chart: RhoHatMapChart, size: Size) {
  const axis = iterationAxis(chart.xScale, chart.planned)
  const plot = plotOf(size)
  const [to, from] = chart.xScale === 'log' ? [Math.log, Math.exp] : [(x: number) => x, (x: number) => x]
  const first = to(axis.min)
  const span = to(axis.max) - first
  return {
    axis,
    plot,
    xOf: (iteration: number) => plot.left + ((to(Math.max(iteration, axis.min)) - first) / span) * plot.width,
    iterationOf: (x: number) => from(first + ((x - plot.left) / plot.width) * span),
  }
}

/** The unit and the recorded iteration at a point of the canvas; null outside or where nothing is recorded yet. */
export function mapCellAt(
  chart: RhoHatMapChart,
  size: Size,
  x: number,
  y: number,
): { unit: number; at: number } | null {
  const { plot, iterationOf } = places(chart, size)
  const row = Math.floor(((y - plot.top) / plot.height) * chart.order.length)
  const { iteration } = chart.map
  const at = lastIndexUpTo(iteration, iterationOf(x) + 1e-9)
  const isInside = x >= plot.left && x < plot.left + plot.width && row >= 0 && row < chart.order.length
  if (!isInside || at < 0 || iterationOf(x) > iteration[iteration.length - 1] + 1) return null
  return { unit: chart.order[row], at }
}

/** Draws the map with its axes in CSS pixels from (0, 0). @param ratio  device pixels in a CSS pixel */
export function paintRhoHatMap(
  ctx: CanvasRenderingContext2D,
  chart: RhoHatMapChart,
  size: Size,
  ratio: number,
): void {
  const { theme, order } = chart
  const { axis, plot, xOf, iterationOf } = places(chart, size)
  const picture = mapPicture(chart, Math.max(1, Math.round(plot.width * ratio)), (share) =>
    iterationOf(plot.left + share * plot.width),
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
    ctx.fillText(axis.label(value), xOf(value), plot.top + plot.height + 16)
  })
  ctx.textAlign = 'right'
  ctx.fillText('1', plot.left - 8, plot.top + 9)
  ctx.fillText(String(order.length), plot.left - 8, plot.top + plot.height - 1)
}

/** The colours alone: a row a unit, a column a device pixel; null before anything is recorded. */
function mapPicture(
  chart: RhoHatMapChart,
  width: number,
  iterationOf: (share: number) => number,
): HTMLCanvasElement | null {
  const { map, order } = chart
  const { iteration, hidden, rhoHat } = map
  if (iteration.length === 0 || order.length === 0) return null
  const colours = mapColours(chart)
  const image = new ImageData(width, order.length)
  const last = iteration[iteration.length - 1]
  for (let column = 0; column < width; column++) {
    const wanted = iterationOf((column + 0.5) / width)
    const at = lastIndexUpTo(iteration, wanted)
    if (at < 0 || wanted > last + 1) continue
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
