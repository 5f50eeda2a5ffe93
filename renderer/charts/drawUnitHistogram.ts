import type { ChartConfiguration, Plugin, Scale } from 'chart.js'
import { axisLabel } from './axisLabel.ts'
import { binOf, binValues, type Bins } from './bins.ts'
import { Chart, type ChartTheme, type Draw, faded } from './chart.ts'
import { linearTicks } from './ticks.ts'

export interface UnitHistogram {
  theme: ChartTheme
  /** ρ̂ of every hidden unit (for tanh the share of active), length h. */
  values: Float32Array
  /** Drawn dashed; null where there is none. */
  target: number | null
  /** Unit whose bar is marked; null for none. */
  marked: number | null
}

const wholeTicks = (max: number, length: number): number[] =>
  linearTicks(0, max, length, 28).labelled.filter(Number.isInteger)

function options(bins: Bins, top: number, theme: ChartTheme): ChartConfiguration<'bar'>['options'] {
  const ticks = {
    color: theme.colours['text-3'],
    font: { family: theme.font, size: 11 },
    maxRotation: 0,
    autoSkip: false,
  }
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    parsing: false,
    normalized: true,
    layout: { padding: { top: 6, right: 4, bottom: 0, left: 0 } },
    scales: {
      x: {
        type: 'linear',
        offset: false,
        min: bins.min,
        max: bins.min + bins.width * bins.counts.length,
        border: { color: theme.colours['line-2'] },
        grid: { display: false, drawTicks: false },
        ticks: { ...ticks, padding: 5, callback: (value) => axisLabel(Number(value)) },
        afterBuildTicks: (scale: Scale) => {
          scale.ticks = linearTicks(scale.min, scale.max, scale.maxWidth, 72).labelled.map((value) => ({
            value,
          }))
        },
        afterFit: (scale: Scale) => void (scale.height = 22),
      },
      y: {
        type: 'linear',
        min: 0,
        max: top,
        border: { display: false },
        grid: { color: theme.colours.grid, drawTicks: false },
        ticks: { ...ticks, padding: 8, callback: (value) => axisLabel(Number(value)) },
        afterBuildTicks: (scale: Scale) => {
          scale.ticks = wholeTicks(top, scale.maxHeight).map((value) => ({ value }))
        },
        afterFit: (scale: Scale) => void (scale.width = 48),
      },
    },
  }
}

/** How many hidden units have which average activation; the bar of one unit can be marked. */
export const drawUnitHistogram: Draw<UnitHistogram> = (canvas, first) => {
  let shown = first

  const target: Plugin<'bar'> = {
    id: 'target',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      if (shown.target === null) return
      const x = Math.round(scales.x.getPixelForValue(shown.target) - 0.5) + 0.5
      ctx.save()
      ctx.strokeStyle = shown.theme.colours.accent
      ctx.lineWidth = 1.25
      ctx.setLineDash([4, 3])
      ctx.beginPath()
      ctx.moveTo(x, chartArea.top)
      ctx.lineTo(x, chartArea.bottom)
      ctx.stroke()
      ctx.restore()
    },
  }

  function content({ theme, values, target, marked }: UnitHistogram) {
    const bins = binValues(values, target)
    const markedBin = marked === null || !(marked < values.length) ? -1 : binOf(bins, values[marked])
    const { text } = theme.colours
    // Room above the highest bar, in steps, so that the axis seldom moves.
    const top = Math.max(4, Math.ceil((Math.max(...bins.counts) * 1.1) / 5) * 5)
    return {
      datasets: [
        {
          data: bins.counts.map((y, i) => ({ x: bins.min + (i + 0.5) * bins.width, y })),
          backgroundColor: bins.counts.map((_, i) => faded(text, i === markedBin ? 0.75 : 0.4)),
          barPercentage: 0.92,
          categoryPercentage: 1,
          grouped: false,
        },
      ],
      options: options(bins, top, theme),
    }
  }

  const start = content(first)
  const chart = new Chart(canvas, {
    type: 'bar',
    data: { datasets: start.datasets },
    options: start.options,
    plugins: [target],
  } as ChartConfiguration<'bar', { x: number; y: number }[]>)

  return {
    update(next) {
      shown = next
      const { datasets, options } = content(next)
      chart.data.datasets = datasets
      if (options) chart.options = options
      chart.update('none')
    },
    moveCursor: () => undefined,
    destroy: () => chart.destroy(),
  }
}
