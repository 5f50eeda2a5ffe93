import type { ChartOptions, Plugin } from 'chart.js'
import { Chart, type ChartTheme, type Draw, faded } from './chart.ts'
import { drawLetters } from './marks.ts'
import type { ParallelMark } from './drawParallel.ts'
import { type ParallelAxis, ticksOf } from './parallelAxis.ts'
import {
  chartPadding,
  fixedHeight,
  fixedWidth,
  placeTicks,
  plainOptions,
  plainTicks,
} from './plainOptions.ts'
import { seriesColour } from './series.ts'

export interface ScatterChart {
  theme: ChartTheme
  /** Where each row lies on both axes; a row that one of them misses is left out. */
  x: ParallelAxis
  y: ParallelAxis
  marks: readonly ParallelMark[]
  hovered: number | null
  on: { hover(row: number | null): void; pick(row: number): void }
}

const reach = 10
/** Room beyond the outermost dots, as a share of the axis. */
const margin = 0.05

function scaleOptions(axis: ParallelAxis, theme: ChartTheme, isHorizontal: boolean) {
  return {
    type: 'linear' as const,
    min: -margin,
    max: 1 + margin,
    border: { color: theme.colours['line-2'] },
    grid: { color: theme.colours.grid, drawTicks: false },
    ticks: {
      ...plainTicks(theme),
      padding: 6,
      callback: (position: number | string) => axis.format(axis.valueAt(Number(position))),
    },
    afterBuildTicks: placeTicks(({ maxWidth, maxHeight }) =>
      (isHorizontal ? ticksOf(axis, maxWidth, 64) : ticksOf(axis, maxHeight, 28)).map(axis.positionOf),
    ),
    afterFit: isHorizontal ? fixedHeight() : fixedWidth(56),
  }
}

const options = ({ x, y, theme }: ScatterChart): ChartOptions<'line'> => ({
  ...plainOptions,
  layout: chartPadding(8),
  scales: { x: scaleOptions(x, theme, true), y: scaleOptions(y, theme, false) },
})

const rowsOf = ({ x, y }: ScatterChart): number[] =>
  [...x.positions.keys()].filter((row) => !Number.isNaN(x.positions[row] + y.positions[row]))

/** A dot a row by one setting or result against another; selected rows in their colours, with their letters. */
export const drawScatter: Draw<ScatterChart> = (canvas, first) => {
  let shown = first

  const pixel = (chart: Pick<Chart, 'scales'>, row: number) => ({
    x: chart.scales.x.getPixelForValue(shown.x.positions[row]),
    y: chart.scales.y.getPixelForValue(shown.y.positions[row]),
  })
  function dot(chart: Pick<Chart, 'ctx' | 'scales'>, row: number, radius: number, colour: string): void {
    const { ctx } = chart
    const { x, y } = pixel(chart, row)
    ctx.beginPath()
    ctx.arc(x, y, radius, 0, 2 * Math.PI)
    ctx.fillStyle = colour
    ctx.fill()
    ctx.strokeStyle = shown.theme.colours.bg
    ctx.lineWidth = 1.5
    ctx.stroke()
  }
  const painted: Plugin<'line'> = {
    id: 'scatter',
    afterDatasetsDraw: (chart) => {
      const there = new Set(rowsOf(shown))
      const marks = shown.marks.filter(({ row }) => there.has(row))
      for (const { row, series } of marks) dot(chart, row, 5, seriesColour(shown.theme, series))
      const { hovered } = shown
      if (hovered !== null && there.has(hovered)) {
        const series = marks.find(({ row }) => row === hovered)?.series
        const colour = series === undefined ? shown.theme.colours.text : seriesColour(shown.theme, series)
        dot(chart, hovered, 6.5, colour)
      }
      const letters = marks.map(({ row, letter }) => {
        const { x, y } = pixel(chart, row)
        return { text: letter, x: x + 9, y }
      })
      drawLetters(chart, letters, shown.theme)
    },
  }
  const datasets = () => [
    {
      data: rowsOf(shown).map((row) => ({ x: shown.x.positions[row], y: shown.y.positions[row] })),
      showLine: false,
      pointRadius: 4,
      pointBorderWidth: 0,
      pointBackgroundColor: faded(shown.theme.colours.text, 0.4),
      clip: 8,
    },
  ]
  const chart = new Chart<'line', { x: number; y: number }[]>(canvas, {
    type: 'line',
    data: { datasets: datasets() },
    options: options(shown),
    plugins: [painted],
  })

  function rowAt({ offsetX, offsetY }: PointerEvent): number | null {
    const near = rowsOf(shown)
      .map((row) => {
        const { x, y } = pixel(chart, row)
        return { row, distance: Math.hypot(x - offsetX, y - offsetY) }
      })
      .filter(({ distance }) => distance <= reach)
    return near.length === 0 ? null : near.reduce((a, b) => (b.distance < a.distance ? b : a)).row
  }
  const listening = new AbortController()
  const { signal } = listening
  canvas.addEventListener(
    'pointermove',
    (event) => {
      const row = rowAt(event)
      canvas.style.cursor = row === null ? '' : 'pointer'
      shown.on.hover(row)
    },
    { signal },
  )
  canvas.addEventListener('pointerleave', () => shown.on.hover(null), { signal })
  canvas.addEventListener(
    'pointerup',
    (event) => {
      const row = rowAt(event)
      if (event.button === 0 && row !== null) shown.on.pick(row)
    },
    { signal },
  )

  return {
    update(next) {
      shown = next
      chart.data.datasets = datasets()
      chart.options = options(next)
      chart.update('none')
    },
    moveCursor: () => undefined,
    destroy() {
      listening.abort()
      chart.destroy()
    },
  }
}
