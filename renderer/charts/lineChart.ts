import type { ChartDataset, ChartOptions, Plugin, Scale } from 'chart.js'
import { Chart, type ChartPointer, type ChartTheme } from './chart.ts'
import type { Point } from './decimate.ts'
import { drawCursor, drawEndLabels, drawMinorTicks, drawTarget, type EndLabel, type Target } from './marks.ts'
import type { Ticks } from './ticks.ts'

export interface Axis {
  scale: 'log' | 'linear'
  min: number
  max: number
  /** Ticks for an axis that is `length` CSS pixels long. */
  ticks: (length: number) => Ticks
  label: (value: number) => string
}

export interface Curve {
  points: Point[]
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
  /** The first is drawn last, on top. */
  curves: Curve[]
  target?: Target
  endLabels?: EndLabel[]
  /** Where a cursor at x meets the curves. */
  dotsAt: (x: number) => { x: number; y: number; colour: string }[]
}

export interface LineChart {
  show(view: LineChartView): void
  moveCursor(x: number | null): void
  destroy(): void
}

/** Fixed, so that the plots of charts above each other begin at the same place and never move. */
const yAxisWidth = 48
const xAxisHeight = 22
const fontSize = 11

type LineOptions = ChartOptions<'line'>
type ScaleOptions = NonNullable<LineOptions['scales']>[string]

function scaleOptions(axis: Axis, view: LineChartView, isHorizontal: boolean): ScaleOptions {
  const { colours, font } = view.theme
  return {
    type: axis.scale === 'log' ? 'logarithmic' : 'linear',
    min: axis.min,
    max: axis.max,
    border: { display: false },
    grid: { display: !isHorizontal, color: colours.grid, drawTicks: false },
    ticks: {
      color: colours['text-3'],
      font: { family: font, size: fontSize },
      padding: isHorizontal ? 6 : 8,
      maxRotation: 0,
      autoSkip: false,
      align: isHorizontal ? 'inner' : 'center',
      callback: (value: number | string) => axis.label(Number(value)),
    },
    afterBuildTicks: (scale: Scale) => {
      const length = isHorizontal ? scale.maxWidth : scale.maxHeight
      scale.ticks = axis.ticks(length).labelled.map((value) => ({ value }))
    },
    afterFit: (scale: Scale) => {
      if (isHorizontal) scale.height = xAxisHeight
      else scale.width = yAxisWidth
    },
  }
}

function dataset(curve: Curve, order: number): ChartDataset<'line', Point[]> {
  return {
    data: curve.points,
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

function options(view: LineChartView): LineOptions {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    // The pointer is followed below: Chart.js would redraw for its own hover states.
    events: [],
    parsing: false,
    normalized: true,
    layout: { padding: { top: 6, right: view.endLabels ? 20 : 4, bottom: 0, left: 0 } },
    scales: { x: scaleOptions(view.x, view, true), y: scaleOptions(view.y, view, false) },
  }
}

/** Binds a canvas to a line chart with a cursor; the canvas' parent gives the size. */
export function createLineChart(
  canvas: HTMLCanvasElement,
  first: LineChartView,
  pointer?: ChartPointer,
): LineChart {
  let view = first
  let cursor: number | null = null

  const marks: Plugin<'line'> = {
    id: 'marks',
    beforeDatasetsDraw: (chart) =>
      drawMinorTicks(chart, view.x.ticks(chart.chartArea.width).minor, view.theme),
    afterDatasetsDraw: (chart) => {
      if (cursor !== null) drawCursor(chart, cursor, view.dotsAt(cursor), view.theme)
      if (view.target) drawTarget(chart, view.target, view.theme)
      if (view.endLabels) drawEndLabels(chart, view.endLabels, view.theme)
    },
  }
  const datasets = () => view.curves.map((curve, i) => dataset(curve, i))
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: datasets() },
    options: options(view),
    plugins: [marks],
  })

  const valueAt = (event: PointerEvent): number | null => {
    const { left, right, top, bottom } = chart.chartArea
    const inside =
      event.offsetX >= left - 4 &&
      event.offsetX <= right + 4 &&
      event.offsetY >= top &&
      event.offsetY <= bottom
    return inside ? (chart.scales.x.getValueForPixel(event.offsetX) ?? null) : null
  }
  const listening = new AbortController()
  if (pointer) {
    const { signal } = listening
    canvas.addEventListener('pointermove', (event) => pointer.hover(valueAt(event)), { signal })
    canvas.addEventListener('pointerleave', () => pointer.hover(null), { signal })
    canvas.addEventListener(
      'click',
      (event) => {
        const x = valueAt(event)
        if (x !== null) pointer.pick(x)
      },
      { signal },
    )
  }

  return {
    show(next) {
      view = next
      chart.data.datasets = datasets()
      chart.options = options(view)
      chart.update('none')
    },
    moveCursor(x) {
      if (x === cursor) return
      cursor = x
      chart.draw()
    },
    destroy() {
      listening.abort()
      chart.destroy()
    },
  }
}
