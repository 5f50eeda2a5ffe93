import type { IterationColumns } from '#shared/domain/run.ts'
import type { Activation } from '#shared/domain/runConfig.ts'
import { activeShare } from '#shared/model/activations.ts'
import { type ChartTheme, type Draw, faded } from './chart.ts'
import type { Point } from './decimate.ts'
import { type Domain, halfDecades, positiveRange, union } from './domain.ts'
import { createLineChart, lineChartHandle, type LineChartView } from './lineChart.ts'
import { lastIndexUpTo } from './nearest.ts'
import { valueAxis } from './valueAxis.ts'
import { type AxisScale, firstShown, iterationAxis } from './xAxis.ts'

export interface UnitRhoHatChart {
  theme: ChartTheme
  /** Of the run: the band of all its units. */
  columns: IterationColumns
  /** Average activation of the unit at some iterations, ascending. */
  iteration: Float64Array
  rhoHat: Float32Array
  /** Iterations of which the weights were kept. */
  snapshots: readonly number[]
  planned: number
  xScale: AxisScale
  activation: Activation
  /** Sparsity target; null where β = 0. */
  rho: number | null
  /** The part of the x axis that is shown; null for all of it. */
  range: Domain | null
}

const decadesBelowTarget = 3

/** Average activation of one hidden unit within the band of all, over the iterations, with a dot at each snapshot. */
export const drawUnitRhoHat: Draw<UnitRhoHatChart> = (canvas, first, pointer) => {
  return lineChartHandle(createLineChart(canvas, view(first), pointer), view)
}

function view(options: UnitRhoHatChart): LineChartView {
  const { theme, columns, iteration, snapshots, planned, xScale, activation, rho, range } = options
  const x = iterationAxis(xScale, planned)
  const share = (value: number) => activeShare(activation, value)
  const start = firstShown(x, columns.iteration)
  const band = [columns.rhoHatMin, columns.rhoHatMax].map((values) => values.map(share))
  const own = Float64Array.from(options.rhoHat, share)
  const target = rho === null ? null : { min: 0.8 * rho, max: rho }
  const ownStart = firstShown(x, iteration)
  const visible = positiveRange([...band.map((values) => values.subarray(start)), own.subarray(ownStart)])
  const colour = theme.colours['series-1']
  const at = (wanted: number): Point | null => {
    const i = lastIndexUpTo(iteration, wanted)
    return i < ownStart ? null : { x: iteration[i], y: own[i] }
  }
  const dots = snapshots.flatMap((snapshot) => at(snapshot) ?? [])
  return {
    theme,
    x,
    range,
    y: valueAxis('log', shownDomain(visible, target)),
    curves: [
      { xs: dots.map((dot) => dot.x), ys: dots.map((dot) => dot.y), colour, width: 0, dotRadius: 2.25 },
      { xs: iteration, ys: own, colour, width: 1.75 },
      { xs: columns.iteration, ys: band[0], colour: 'transparent', width: 0 },
      {
        xs: columns.iteration,
        ys: band[1],
        colour: 'transparent',
        width: 0,
        fill: faded(theme.colours.text, 0.22),
      },
    ],
    target: rho === null ? undefined : { y: rho },
    dotsAt(cursor) {
      const point = at(cursor)
      return point === null ? [] : [{ ...point, colour }]
    },
  }
}

/** Everything that is positive, but nothing more than three decades below the target. */
function shownDomain(range: Domain | null, target: Domain | null): Domain {
  if (range === null) return halfDecades(target ?? { min: 0.01, max: 1 })
  const floor = (target?.max ?? range.max) * 10 ** -decadesBelowTarget
  const clipped = { min: Math.max(range.min, floor), max: Math.max(range.max, floor) }
  return halfDecades(target === null ? clipped : union(clipped, target))
}
