import type { IterationColumns } from '#shared/domain/run.ts'
import type { Activation } from '#shared/domain/runConfig.ts'
import { activeShare, shareText } from '#shared/model/activations.ts'
import { type Draw, faded } from './chart.ts'
import type { CurveView } from './curveView.ts'
import { type Domain, halfDecades, positiveRange, union } from './domain.ts'
import { createLineChart, lineChartHandle, type LineChartView } from './lineChart.ts'
import { nearestIndex } from './nearest.ts'
import { smooth } from './smooth.ts'
import { valueAxis } from './valueAxis.ts'
import { firstShown, xAxis } from './xAxis.ts'

export interface RhoHatChart extends CurveView {
  columns: IterationColumns
  planned: number
  activation: Activation
  /** Sparsity target; null where β = 0 and nothing pulls ρ̂ anywhere. */
  rho: number | null
}

/** Units closer to 0 than this many decades below the target are clipped. */
const decadesBelowTarget = 3

/** A column of ρ̂ as shares of "active", which are positive for every activation. */
function shares(column: Float64Array, activation: Activation): Float64Array {
  return shareText(activation) === null ? column : column.map((value) => activeShare(activation, value))
}

/**
 * Average activation of all hidden units over the course of training: median, quartile band, min–max band and target,
 * on a log axis. What is drawn is the share of active, which the target refers to.
 */
export const drawRhoHat: Draw<RhoHatChart> = (canvas, first, pointer) => {
  let grown: Domain | null = null

  function view(options: RhoHatChart): LineChartView {
    const { theme, columns, xQuantity, activation, rho, smoothing, range } = options
    const x = xAxis(xQuantity, options.xScale, [options])
    const xs = columns[xQuantity]
    const start = firstShown(x, xs)
    const [min, lower, median, upper, max] = [
      columns.rhoHatMin,
      columns.rhoHatLower,
      columns.rhoHatMedian,
      columns.rhoHatUpper,
      columns.rhoHatMax,
    ].map((column) => smooth(shares(column, activation), smoothing))
    const spread = positiveRange([min, max], start)
    const target = rho === null ? null : { min: 0.8 * rho, max: rho }
    if (spread !== null) {
      const floor = (rho ?? spread.max) * 10 ** -decadesBelowTarget
      const all = target === null ? spread : union(spread, target)
      grown = union(grown, halfDecades({ min: Math.max(all.min, floor), max: all.max }))
    }
    const { text } = theme.colours
    const edge = (ys: Float64Array, opacity?: number) => ({
      xs,
      ys,
      colour: 'transparent',
      width: 0,
      fill: opacity === undefined ? undefined : faded(text, opacity),
    })
    return {
      theme,
      x,
      range,
      y: valueAxis('log', grown ?? halfDecades({ min: 0.8 * (rho ?? 0.01), max: 1 })),
      curves: [
        { xs, ys: median, colour: text, width: 1.5 },
        edge(lower),
        edge(upper, 0.28),
        edge(min),
        edge(max, 0.22),
      ],
      target: rho === null ? undefined : { y: rho },
      dotsAt(cursor) {
        const i = nearestIndex(xs, cursor)
        return i < 0 ? [] : [{ x: xs[i], y: median[i], colour: text }]
      },
    }
  }

  return lineChartHandle(createLineChart(canvas, view(first), pointer), view)
}
