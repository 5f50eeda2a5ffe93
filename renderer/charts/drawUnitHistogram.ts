import { createBarChart, type BarChartView } from './barChart.ts'
import { binOf, binValues } from './bins.ts'
import { type ChartTheme, type Draw, faded } from './chart.ts'
import { drawUpright, targetStroke } from './marks.ts'
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

function view({ theme, values, target, marked }: UnitHistogram): BarChartView {
  const bins = binValues(values, target)
  const markedBin = marked === null || !(marked < values.length) ? -1 : binOf(bins, values[marked])
  // Room above the highest bar, in steps, so that the axis seldom moves.
  const top = Math.max(4, Math.ceil((Math.max(...bins.counts) * 1.1) / 5) * 5)
  return {
    theme,
    min: bins.min,
    max: bins.min + bins.width * bins.counts.length,
    heights: bins.counts,
    colour: bins.counts.map((_, i) => faded(theme.colours.text, i === markedBin ? 0.75 : 0.4)),
    y: {
      type: 'linear',
      min: 0,
      max: top,
      ticks: (length) => linearTicks(0, top, length, 28).labelled.filter(Number.isInteger),
    },
  }
}

/** How many hidden units have which average activation; the bar of one unit can be marked. */
export const drawUnitHistogram: Draw<UnitHistogram> = (canvas, first) =>
  createBarChart(canvas, first, view, (chart, { target, theme }) => {
    if (target !== null) drawUpright(chart, target, targetStroke(theme))
  })
