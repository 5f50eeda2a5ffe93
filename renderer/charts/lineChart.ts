import type { ChartDataset, ChartOptions, Plugin } from 'chart.js'
import { changeRange } from './changeRange.ts'
import { Chart, type ChartHandle, type ChartPointer, type ChartTheme, zoomPlugin } from './chart.ts'
import { decimate, type Point } from './decimate.ts'
import type { Domain } from './domain.ts'
import { drawCursor, drawEndLabels, drawMinorTicks, drawTarget, type EndLabel, type Target } from './marks.ts'
import { firstIndexFrom } from './nearest.ts'
import {
  chartPadding,
  fixedHeight,
  fixedWidth,
  placeTicks,
  plainOptions,
  plainTicks,
} from './plainOptions.ts'
import { followPointer } from './pointer.ts'
import { createStill } from './stillChart.ts'
import type { Ticks } from './ticks.ts'
import { zoomedValueAxis } from './valueAxis.ts'
import type { AxisScale } from './xAxis.ts'
import { zoomOptions } from './zoom.ts'

export interface Axis {
  scale: AxisScale
  min: number
  max: number
  /** Ticks for the part of an axis that is shown, `length` CSS pixels long. */
  ticks: (length: number, shown: Domain) => Ticks
  label: (value: number) => string
}

export interface Curve {
  /** Ascending; all of the curve, which is thinned out for the part that is shown. */
  xs: ArrayLike<number>
  ys: ArrayLike<number>
  colour: string
  width: number
  dash?: readonly number[]
  /** Radius of a dot at every point; none by default. */
  dotRadius?: number
  /** Fills down to the curve before this one. */
  fill?: string
}

/** All that a line chart shows, except the cursor. */
export interface LineChartView {
  theme: ChartTheme
  x: Axis
  y: Axis
  /** The part of the x axis that is shown; null for all of it. The y axis then fits what is visible. */
  range?: Domain | null
  /** The first is drawn last, on top. */
  curves: Curve[]
  target?: Target
  endLabels?: EndLabel[]
  /** Where a cursor at x meets the curves. */
  dotsAt: (x: number) => { x: number; y: number; colour: string }[]
}

export interface LineChart {
  show(view: LineChartView): void
  moveCursor: ChartHandle<unknown>['moveCursor']
  zoomBy: NonNullable<ChartHandle<unknown>['zoomBy']>
  destroy(): void
}

/** A line chart kept up to date from what its draw function takes. */
export const lineChartHandle = <Options>(
  { show, ...chart }: LineChart,
  view: (options: Options) => LineChartView,
): ChartHandle<Options> => ({ ...chart, update: (options) => show(view(options)) })

/** Curves this many columns of pixels wide cannot be told from the whole ones. */
const columnCount = 1200

type LineOptions = ChartOptions<'line'>
type ScaleOptions = NonNullable<LineOptions['scales']>[string]

/** A view with its axes as they are shown. */
interface Shown {
  view: LineChartView
  x: Axis
  y: Axis
}

/** Puts the part of the x axis that is wanted in the place of the whole, and fits the y axis to it. */
function shownPart(view: LineChartView): Shown {
  const { x, y, range, curves } = view
  if (!range) return { view, x, y }
  const min = Math.min(Math.max(range.min, x.min), x.max)
  const max = Math.max(Math.min(range.max, x.max), min)
  if (!(max > min)) return { view, x, y }
  const visible = curves.map(({ xs, ys }) =>
    Array.prototype.slice.call(ys, firstIndexFrom(xs, min), firstIndexFrom(xs, max) + 1),
  )
  return { view, x: { ...x, min, max }, y: zoomedValueAxis(y, visible) }
}

function scaleOptions(axis: Axis, { theme }: LineChartView, isHorizontal: boolean): ScaleOptions {
  return {
    type: axis.scale === 'log' ? 'logarithmic' : 'linear',
    min: axis.min,
    max: axis.max,
    border: { display: false },
    grid: { display: !isHorizontal, color: theme.colours.grid, drawTicks: false },
    ticks: {
      ...plainTicks(theme),
      padding: isHorizontal ? 6 : 8,
      align: isHorizontal ? 'inner' : 'center',
      callback: (value: number | string) => axis.label(Number(value)),
    },
    afterBuildTicks: placeTicks(
      ({ maxWidth, maxHeight }) => axis.ticks(isHorizontal ? maxWidth : maxHeight, axis).labelled,
    ),
    afterFit: isHorizontal ? fixedHeight() : fixedWidth(),
  }
}

function dataset(curve: Curve, order: number, { x, y }: Shown): ChartDataset<'line', Point[]> {
  const points = decimate(curve.xs, curve.ys, { ...x, count: columnCount })
  // What is 0 has no logarithm: its curve leaves through the floor.
  if (y.scale === 'log') for (const point of points) point.y = Math.max(point.y, y.min / 100)
  return {
    data: points,
    borderColor: curve.colour,
    borderWidth: curve.width,
    borderDash: curve.dash ? [...curve.dash] : [],
    backgroundColor: curve.fill,
    fill: curve.fill ? '-1' : false,
    pointRadius: curve.dotRadius ?? 0,
    pointBackgroundColor: curve.colour,
    pointBorderWidth: 0,
    order,
  }
}

function options({ view, x, y }: Shown, pointer: ChartPointer | undefined): LineOptions {
  return {
    ...plainOptions,
    layout: chartPadding(view.endLabels ? 20 : 4),
    scales: { x: scaleOptions(x, view, true), y: scaleOptions(y, view, false) },
    plugins: { zoom: zoomOptions(view.x, view.theme, pointer?.zoom) },
  }
}

/** Binds a canvas to a line chart with a cursor; the canvas' parent gives the size. */
export function createLineChart(
  canvas: HTMLCanvasElement,
  first: LineChartView,
  pointer?: ChartPointer,
): LineChart {
  let shown = shownPart(first)
  let cursor: number | null = null
  const still = createStill()

  function putCursor(chart: Chart): void {
    const { theme, dotsAt } = shown.view
    if (cursor !== null) drawCursor(chart, cursor, dotsAt(cursor), theme)
  }
  const marks: Plugin<'line'> = {
    id: 'marks',
    beforeDatasetsDraw: (chart) =>
      drawMinorTicks(chart, shown.x.ticks(chart.chartArea.width, shown.x).minor, shown.view.theme),
    afterDatasetsDraw: (chart) => {
      const { theme, target, endLabels } = shown.view
      if (target) drawTarget(chart, target, theme)
      if (endLabels) drawEndLabels(chart, endLabels, theme)
    },
    afterDraw: (chart) => {
      still.keep(chart)
      putCursor(chart)
    },
  }
  const datasets = () => shown.view.curves.map((curve, i) => dataset(curve, i, shown))
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: datasets() },
    options: options(shown, pointer),
    plugins: pointer?.zoom ? [marks, zoomPlugin] : [marks],
  })
  const stopFollowing = pointer ? followPointer(chart, pointer) : undefined

  return {
    show(next) {
      shown = shownPart(next)
      chart.data.datasets = datasets()
      chart.options = options(shown, pointer)
      chart.update('none')
    },
    moveCursor(x) {
      if (x === cursor) return
      cursor = x
      if (still.show(chart)) putCursor(chart)
    },
    zoomBy: (change) => pointer?.zoom?.(changeRange(shown.view.x, shown.view.range ?? null, change)),
    destroy() {
      stopFollowing?.()
      chart.destroy()
    },
  }
}
