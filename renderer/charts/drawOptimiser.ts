import type { IterationColumns } from '#shared/domain/run.ts'
import type { Draw } from './chart.ts'
import type { CurveView } from './curveView.ts'
import { type Domain, positiveRange, union, wholeDecades } from './domain.ts'
import { createLineChart, lineChartHandle, type LineChartView } from './lineChart.ts'
import { nearestIndex } from './nearest.ts'
import { smoothedCurves } from './smoothedCurves.ts'
import { valueAxis } from './valueAxis.ts'
import { firstShown, xAxis } from './xAxis.ts'

export interface OptimiserChart extends CurveView {
  columns: IterationColumns
  /** Evaluations that each iteration took; length `columns.count`. */
  evaluationsEach: Float64Array
  planned: number
}

/** Evaluations that each iteration took, from their running count. */
export const evaluationsPerIteration = ({ evaluations }: IterationColumns): Float64Array =>
  evaluations.map((count, i) => (i === 0 ? count : count - evaluations[i - 1]))

/** Gradient norm, step length and evaluations of each iteration, all positive, on one logarithmic axis. */
export const drawOptimiser: Draw<OptimiserChart> = (canvas, first, pointer) => {
  let grown: Domain | null = null

  function view(options: OptimiserChart): LineChartView {
    const { columns, evaluationsEach, theme, xQuantity, smoothing, range } = options
    const x = xAxis(xQuantity, options.xScale, [options])
    const xs = columns[xQuantity]
    const { colours } = theme
    const parts = [
      { xs, ys: columns.gradientNorm, colour: colours.text, width: 1.75 },
      { xs, ys: columns.stepLength, colour: colours['series-1'], width: 1.25 },
      { xs, ys: evaluationsEach, colour: colours['series-2'], width: 1.25 },
    ]
    const visible = positiveRange(
      parts.map(({ ys }) => ys),
      Math.min(firstShown(x, xs), Math.max(0, columns.count - 1)),
    )
    if (visible !== null) grown = union(grown, wholeDecades(visible))
    const curves = smoothedCurves(parts, smoothing)
    return {
      theme,
      x,
      range,
      y: valueAxis('log', grown ?? { min: 0.001, max: 10 }),
      curves,
      dotsAt(cursor) {
        const i = nearestIndex(xs, cursor)
        if (i < 0) return []
        return parts.map(({ colour }, k) => ({ x: xs[i], y: curves[k].ys[i], colour }))
      },
    }
  }

  return lineChartHandle(createLineChart(canvas, view(first), pointer), view)
}
