import { axisLabel } from './axisLabel.ts'
import { bestUntil } from './bestUntil.ts'
import type { ChartTheme, Draw } from './chart.ts'
import { createLineChart, type Axis, type LineChartView } from './lineChart.ts'
import { nearestIndex } from './nearest.ts'
import { linearTicks } from './ticks.ts'
import { valueAxis } from './valueAxis.ts'

export interface BestSoFar {
  theme: ChartTheme
  /** Of the runs in the order in which they ended. */
  values: Float64Array
  /** Where they stand on the x axis, ascending: 1, 2, 3 …, or ms. */
  xs: Float64Array
  axis: Axis
}

/** The runs that have ended, counted, to as many as there will be. */
export function endedAxis(planned: number): Axis {
  const last = Math.max(2, planned)
  return {
    scale: 'linear',
    // Half a run of room, so that the first and the last dot are whole.
    min: 0.5,
    max: last + 0.5,
    ticks: (length) => {
      const ticks = linearTicks(1, last, length, 44)
      return { ...ticks, labelled: [...new Set([1, ...ticks.labelled.filter(Number.isInteger)])] }
    },
    label: axisLabel,
  }
}

/** The value of each run that has ended, and the best until then as a line that only falls. */
export const drawBestSoFar: Draw<BestSoFar> = (canvas, first, pointer) => {
  const chart = createLineChart(canvas, viewOf(first), pointer)
  return {
    update: (options) => chart.show(viewOf(options)),
    moveCursor: (x) => chart.moveCursor(x),
    destroy: () => chart.destroy(),
  }
}

function viewOf({ theme, values, xs, axis }: BestSoFar): LineChartView {
  const best = bestUntil(values)
  // The line stays until the next better run, and then falls at once: each end of a run but the first is a corner.
  const corners = <T>(of: (at: number) => T[]) => Array.from(values, (_, at) => of(at)).flat()
  const steps = {
    xs: corners((at) => (at === 0 ? [xs[0]] : [xs[at], xs[at]])),
    ys: corners((at) => (at === 0 ? [best[0]] : [best[at - 1], best[at]])),
  }
  const [low, high] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1]
  const room = (high - low || Math.abs(high) || 1) * 0.08
  return {
    theme,
    x: axis,
    y: valueAxis('linear', { min: low - room, max: high + room }),
    curves: [
      { ...steps, colour: theme.colours.accent, width: 1.75 },
      { xs, ys: values, colour: theme.colours['text-3'], width: 0, dotRadius: 2.5 },
    ],
    dotsAt(x) {
      const at = nearestIndex(xs, x)
      return at < 0 ? [] : [{ x: xs[at], y: values[at], colour: theme.colours['text-3'] }]
    },
  }
}
