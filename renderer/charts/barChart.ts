import type { ChartConfiguration, Plugin } from 'chart.js'
import { axisLabel } from './axisLabel.ts'
import { Chart, type ChartHandle, type ChartPointer, type ChartTheme } from './chart.ts'
import {
  chartPadding,
  fixedHeight,
  fixedWidth,
  placeTicks,
  plainOptions,
  plainTicks,
} from './plainOptions.ts'
import { followPointer } from './pointer.ts'
import { linearTicks } from './ticks.ts'

/** A histogram with equal bins. */
export interface BarChartView {
  theme: ChartTheme
  min: number
  max: number
  /** Heights, from `min` on; NaN for none. */
  heights: readonly number[]
  /** Of all bars, or of each. */
  colour: string | string[]
  y: {
    type: 'linear' | 'logarithmic'
    min: number
    max: number
    ticks: (length: number) => readonly number[]
  }
}

const config = ({ theme, min, max, heights, colour, y }: BarChartView) => {
  const width = (max - min) / heights.length
  const ticks = { ...plainTicks(theme), callback: (value: number | string) => axisLabel(Number(value)) }
  return {
    datasets: [
      {
        data: heights.map((height, i) => ({ x: min + (i + 0.5) * width, y: height })),
        backgroundColor: colour,
        barPercentage: 0.91,
        categoryPercentage: 1,
        grouped: false,
      },
    ],
    options: {
      ...plainOptions,
      layout: chartPadding(),
      scales: {
        x: {
          type: 'linear',
          offset: false,
          min,
          max,
          border: { color: theme.colours['line-2'] },
          grid: { display: false, drawTicks: false },
          ticks: { ...ticks, padding: 5, align: 'inner' },
          afterBuildTicks: placeTicks(
            (scale) => linearTicks(scale.min, scale.max, scale.maxWidth, 72).labelled,
          ),
          afterFit: fixedHeight(),
        },
        y: {
          type: y.type,
          min: y.min,
          max: y.max,
          border: { display: false },
          grid: { color: theme.colours.grid, drawTicks: false },
          ticks: { ...ticks, padding: 8 },
          afterBuildTicks: placeTicks((scale) => y.ticks(scale.maxHeight)),
          afterFit: fixedWidth(),
        },
      },
    } satisfies ChartConfiguration<'bar'>['options'],
  }
}

/**
 * Binds a canvas to a chart of bars.
 * @param view  what is drawn of what the draw function takes
 * @param mark  draws over the bars
 */
export function createBarChart<Options>(
  canvas: HTMLCanvasElement,
  first: Options,
  view: (options: Options) => BarChartView,
  mark: (chart: Chart, options: Options) => void,
  pointer?: ChartPointer,
): ChartHandle<Options> {
  let shown = first
  const over: Plugin<'bar'> = { id: 'mark', afterDatasetsDraw: (chart) => mark(chart, shown) }
  const { datasets, options } = config(view(first))
  const chart = new Chart(canvas, {
    type: 'bar',
    data: { datasets },
    options,
    plugins: [over],
  } as ChartConfiguration<'bar', { x: number; y: number }[]>)
  const stopFollowing = pointer ? followPointer(chart, pointer) : undefined
  return {
    update(next) {
      shown = next
      const { datasets, options } = config(view(next))
      chart.data.datasets = datasets
      chart.options = options
      chart.update('none')
    },
    moveCursor: () => undefined,
    destroy() {
      stopFollowing?.()
      chart.destroy()
    },
  }
}
