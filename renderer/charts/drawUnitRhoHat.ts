import type { IterationColumns } from '#shared/domain/run.ts'
import type { Activation } from '#shared/domain/runConfig.ts'
import { activeShare } from '#shared/model/cost.ts'
import { type ChartTheme, type Draw, faded } from './chart.ts'
import { decimate, type Point } from './decimate.ts'
import { type Domain, halfDecades, positiveRange, union } from './domain.ts'
import { type AxisScale, columnOf, firstShown, iterationAxis } from './iterationAxis.ts'
import { createLineChart, type LineChartView } from './lineChart.ts'
import { lastIndexUpTo } from './nearest.ts'
import { valueAxis } from './valueAxis.ts'

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
}

const plotWidth = 800
const decadesBelowTarget = 3

/** Average activation of one hidden unit within the band of all, over the iterations, with a dot at each snapshot. */
export const drawUnitRhoHat: Draw<UnitRhoHatChart> = (canvas, first, pointer) => {
  const chart = createLineChart(canvas, view(first), pointer)
  return {
    update: (options) => chart.show(view(options)),
    moveCursor: chart.moveCursor,
    destroy: chart.destroy,
  }
}

function view(options: UnitRhoHatChart): LineChartView {
  const { theme, columns, iteration, snapshots, planned, xScale, activation, rho } = options
  const x = iterationAxis(xScale, planned)
  const column = columnOf(x, plotWidth)
  const share = (value: number) => activeShare(activation, value)
  const start = firstShown(x, columns.iteration)
  const band = [columns.rhoHatMin, columns.rhoHatMax].map((values) => values.subarray(start).map(share))
  const ownStart = firstShown(x, iteration)
  const own = Float64Array.from(options.rhoHat.subarray(ownStart), share)

  const range = positiveRange([...band, own])
  const target = rho === null ? null : { min: 0.8 * rho, max: rho }
  const shown = shownDomain(range, target)
  const points = (xs: Float64Array, ys: Float64Array): Point[] => {
    const curve = decimate(xs, ys, column)
    for (const point of curve) point.y = Math.max(point.y, shown.min / 100)
    return curve
  }
  const colour = theme.colours['series-1']
  const at = (wanted: number): Point | null => {
    const i = lastIndexUpTo(iteration, wanted)
    return i < ownStart ? null : { x: iteration[i], y: own[i - ownStart] }
  }
  const bandIterations = columns.iteration.subarray(start)
  return {
    theme,
    x,
    y: valueAxis('log', shown),
    curves: [
      {
        points: snapshots.flatMap((snapshot) => at(snapshot) ?? []),
        colour,
        width: 0,
        dotRadius: 2.25,
      },
      { points: points(iteration.subarray(ownStart), own), colour, width: 1.75 },
      { points: points(bandIterations, band[0]), colour: 'transparent', width: 0 },
      {
        points: points(bandIterations, band[1]),
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
