import type { ChartConfiguration, Plugin } from 'chart.js'
import { Chart, type ChartTheme, type Draw, faded } from './chart.ts'
import { type Brushes, type ParallelAxis, rowsInside } from './parallelAxis.ts'
import { axisShare, parallelPadding } from './parallelLayout.ts'
import {
  drawAxes,
  drawBrushes,
  drawCategories,
  drawRow,
  drawRowLetters,
  type Plot,
  traceRow,
} from './parallelMarks.ts'
import { followParallelPointer, type ParallelEvents } from './parallelPointer.ts'
import { seriesColour, seriesDashes } from './series.ts'

/** A selected row's letter and series. */
export interface ParallelMark {
  row: number
  letter: string
  /** 1 to 8 */
  series: number
}

export interface ParallelChart {
  theme: ChartTheme
  axes: readonly ParallelAxis[]
  /** How many rows there are. */
  count: number
  /** Selected rows: in their colours, over the others. */
  marks: readonly ParallelMark[]
  brushes: Brushes
  /** The row that is pointed at. */
  hovered: number | null
  on: ParallelEvents
}

const plainOpacity = 0.28
const outsideOpacity = 0.08

/** Every row as a line; what a brush leaves out fades, and selected rows are drawn later, over all others. */
function drawRows(
  chart: Plot,
  xs: readonly number[],
  { theme, axes, count, marks, brushes }: ParallelChart,
): void {
  const inside = new Set(rowsInside(axes, count, brushes))
  const marked = new Set(marks.map(({ row }) => row))
  const { ctx } = chart
  ctx.save()
  ctx.lineWidth = 1
  for (let row = 0; row < count; row++) {
    if (marked.has(row)) continue
    ctx.strokeStyle = faded(theme.colours.text, inside.has(row) ? plainOpacity : outsideOpacity)
    ctx.beginPath()
    traceRow(chart, xs, axes, row)
    ctx.stroke()
  }
  ctx.restore()
}

/**
 * Rows as lines over parallel axes. Selected rows stand out in their series' colour and dash; what a brush leaves out
 * fades.
 */
export const drawParallel: Draw<ParallelChart> = (canvas, first) => {
  let shown = first
  const xsOf = ({ width }: { width: number }): number[] =>
    shown.axes.map((_, k) => axisShare(k, shown.axes.length) * (width - parallelPadding.right))
  /** Selected rows can be pointed at whatever is brushed. */
  const among = (): number[] => [
    ...rowsInside(shown.axes, shown.count, shown.brushes),
    ...shown.marks.map(({ row }) => row),
  ]

  const painted: Plugin<'line'> = {
    id: 'parallel',
    beforeDatasetsDraw: (drawn) => {
      const xs = xsOf(drawn)
      drawAxes(drawn, xs, shown.axes, shown.theme)
      drawRows(drawn, xs, shown)
    },
    afterDatasetsDraw: (drawn) => {
      const { theme, axes, marks, brushes, hovered, count } = shown
      const inside = new Set(rowsInside(axes, count, brushes))
      const xs = xsOf(drawn)
      drawCategories(drawn, xs, axes, theme)
      drawBrushes(drawn, xs, axes, brushes, theme)
      if (hovered !== null && !marks.some(({ row }) => row === hovered)) {
        drawRow(drawn, xs, axes, hovered, { colour: theme.colours.text, dash: [], opacity: 1 }, theme)
      }
      for (const { row, series } of marks.toReversed()) {
        const isFaded = !inside.has(row) && row !== hovered
        const style = { colour: seriesColour(theme, series), dash: seriesDashes[series - 1] }
        drawRow(drawn, xs, axes, row, { ...style, opacity: isFaded ? plainOpacity : 1 }, theme)
      }
      drawRowLetters(drawn, xs, axes, marks, theme)
    },
  }

  // Chart.js keeps the canvas' size, its resolution and the room around; everything in it is drawn by hand.
  const chart = new Chart<'line'>(canvas, {
    type: 'line',
    data: { labels: [], datasets: [] },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { ...parallelPadding } },
      scales: { x: { type: 'linear', display: false }, y: { type: 'linear', display: false } },
    },
    plugins: [painted],
  } satisfies ChartConfiguration<'line'>)
  const listening = new AbortController()
  followParallelPointer(
    chart,
    () => xsOf(chart),
    () => shown,
    among,
    listening.signal,
  )
  return {
    update(next) {
      shown = next
      chart.draw()
    },
    moveCursor: () => undefined,
    destroy() {
      listening.abort()
      chart.destroy()
    },
  }
}
