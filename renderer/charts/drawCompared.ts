import type { IterationColumns } from '#shared/domain/run.ts'
import type { Draw } from './chart.ts'
import type { CurveView } from './curveView.ts'
import { type Domain, union } from './domain.ts'
import { createLineChart, lineChartHandle, type LineChartView } from './lineChart.ts'
import { firstIndexFrom, lastIndexUpTo, nearestIndex } from './nearest.ts'
import { seriesColour, seriesDashes } from './series.ts'
import { smoothedCurves } from './smoothedCurves.ts'
import { clippedBelow, costDomain, linearFrom, valueAxis } from './valueAxis.ts'
import { type AxisScale, firstShown, xAxis } from './xAxis.ts'

export type CostTerm = 'cost' | 'reconstruction' | 'weightDecay' | 'sparsity'

export interface ComparedRun {
  letter: string
  /** 1 to 8: colour and dash. */
  series: number
  columns: IterationColumns
  planned: number
}

export interface ComparedChart extends CurveView {
  runs: readonly ComparedRun[]
  term: CostTerm
  yScale: AxisScale
}

/** One term of the cost of several runs over the course of training, each with its letter, colour and dash. */
export const drawCompared: Draw<ComparedChart> = (canvas, first, pointer) => {
  let grown: Domain | null = null
  let key = ''

  function view(options: ComparedChart): LineChartView {
    const { theme, runs, term, yScale, xQuantity, smoothing, range } = options
    const x = xAxis(xQuantity, options.xScale, runs)
    const nextKey = [term, xQuantity, options.xScale, yScale, ...runs.map((run) => run.letter)].join()
    if (nextKey !== key) grown = null
    key = nextKey

    for (const { columns } of runs) {
      const start = firstShown(x, columns[xQuantity])
      const settled = firstIndexFrom(columns.iteration, linearFrom)
      const from = yScale === 'linear' && settled < columns.count ? settled : start
      const domain = costDomain(yScale, [columns[term]], [], from, 'steps')
      if (domain === null) continue
      const floor = yScale === 'log' ? clippedBelow([columns.cost], from) : 0
      grown = union(grown, { min: Math.max(domain.min, floor), max: Math.max(domain.max, 10 * floor) })
    }
    const curves = smoothedCurves(
      runs.map(({ columns, series }) => ({
        xs: columns[xQuantity],
        ys: columns[term],
        colour: seriesColour(theme, series),
        width: 1.75,
        dash: seriesDashes[series - 1],
      })),
      smoothing,
    )
    const started = runs.flatMap((run, k) =>
      run.columns.count > 0 ? [{ ...run, xs: run.columns[xQuantity], ys: curves[k].ys }] : [],
    )
    return {
      theme,
      x,
      range,
      y: valueAxis(yScale, grown ?? { min: yScale === 'log' ? 0.1 : 0, max: 1 }),
      curves,
      endLabels: started.map(({ letter, xs, ys }) => {
        const i = Math.max(0, lastIndexUpTo(xs, range?.max ?? Infinity))
        return { x: xs[i], y: ys[i], text: letter }
      }),
      dotsAt: (cursor) =>
        started.flatMap(({ series, xs, ys }) => {
          if (cursor > xs[xs.length - 1]) return []
          const i = nearestIndex(xs, cursor)
          return i < 0 ? [] : [{ x: xs[i], y: ys[i], colour: seriesColour(theme, series) }]
        }),
    }
  }

  return lineChartHandle(createLineChart(canvas, view(first), pointer), view)
}
