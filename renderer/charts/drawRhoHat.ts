import type { IterationColumns } from '#shared/domain/run.ts'
import type { Activation } from '#shared/domain/runConfig.ts'
import { activeShare } from '#shared/model/cost.ts'
import { type ChartTheme, type Draw, faded } from './chart.ts'
import { decimate, type Point } from './decimate.ts'
import { type Domain, halfDecades, positiveRange, union } from './domain.ts'
import { type AxisScale, columnOf, firstShown, iterationAxis } from './iterationAxis.ts'
import { createLineChart, type LineChartView } from './lineChart.ts'
import { nearestIndex } from './nearest.ts'
import { valueAxis } from './valueAxis.ts'

export interface RhoHatChart {
  theme: ChartTheme
  columns: IterationColumns
  planned: number
  xScale: AxisScale
  activation: Activation
  /** Sparsity target; null where β = 0 and nothing pulls ρ̂ anywhere. */
  rho: number | null
}

const plotWidth = 800
/** Units closer to 0 than this many decades below the target are clipped. */
const decadesBelowTarget = 3

/** A column of ρ̂ as shares of "active", which are positive for every activation. */
function shares(column: Float64Array, activation: Activation): Float64Array {
  return activation === 'sigmoid' ? column : column.map((value) => activeShare(activation, value))
}

/**
 * Average activation of all hidden units over the iterations: median, quartile band, min–max band and target, on a log
 * axis. For tanh the share (1 + ρ̂)/2 is drawn, which the target refers to.
 */
export const drawRhoHat: Draw<RhoHatChart> = (canvas, first, pointer) => {
  let grown: Domain | null = null

  function view({ theme, columns, planned, xScale, activation, rho }: RhoHatChart): LineChartView {
    const x = iterationAxis(xScale, planned)
    const start = firstShown(x, columns.iteration)
    const [min, lower, median, upper, max] = [
      columns.rhoHatMin,
      columns.rhoHatLower,
      columns.rhoHatMedian,
      columns.rhoHatUpper,
      columns.rhoHatMax,
    ].map((column) => shares(column.subarray(start), activation))
    const range = positiveRange([min, max])
    const target = rho === null ? null : { min: 0.8 * rho, max: rho }
    if (range !== null) {
      const floor = (rho ?? range.max) * 10 ** -decadesBelowTarget
      const all = target === null ? range : union(range, target)
      grown = union(grown, halfDecades({ min: Math.max(all.min, floor), max: all.max }))
    }
    const shown = grown ?? halfDecades({ min: 0.8 * (rho ?? 0.01), max: 1 })
    const floor = shown.min / 100

    const column = columnOf(x, plotWidth)
    const xs = columns.iteration.subarray(start)
    const points = (ys: Float64Array): Point[] => {
      const curve = decimate(xs, ys, column)
      for (const point of curve) if (point.y < floor) point.y = floor
      return curve
    }
    const { text } = theme.colours
    const edge = (ys: Float64Array, opacity?: number) => ({
      points: points(ys),
      colour: 'transparent',
      width: 0,
      fill: opacity === undefined ? undefined : faded(text, opacity),
    })
    return {
      theme,
      x,
      y: valueAxis('log', shown),
      curves: [
        { points: points(median), colour: text, width: 1.5 },
        edge(lower),
        edge(upper, 0.28),
        edge(min),
        edge(max, 0.22),
      ],
      target: rho === null ? undefined : { y: rho },
      dotsAt(cursor) {
        const i = nearestIndex(columns.iteration, cursor)
        if (i < 0) return []
        const y = activeShare(activation, columns.rhoHatMedian[i])
        return [{ x: columns.iteration[i], y, colour: text }]
      },
    }
  }

  const chart = createLineChart(canvas, view(first), pointer)
  return {
    update: (options) => chart.show(view(options)),
    moveCursor: chart.moveCursor,
    destroy: chart.destroy,
  }
}
