import type { IterationColumns } from '#shared/domain/run.ts'
import { timeLabel } from './axisLabel.ts'
import type { ChartTheme, Draw } from './chart.ts'
import { decimate } from './decimate.ts'
import { type Domain, union } from './domain.ts'
import { type AxisScale, columnOf, firstShown, iterationAxis } from './iterationAxis.ts'
import { type Axis, createLineChart, type Curve, type LineChartView } from './lineChart.ts'
import { firstIndexFrom, nearestIndex } from './nearest.ts'
import { seriesColour, seriesDashes } from './series.ts'
import { niceStep, linearTicks, logTicks } from './ticks.ts'
import { clippedBelow, costDomain, linearFrom, valueAxis } from './valueAxis.ts'

export type CostTerm = 'cost' | 'reconstruction' | 'weightDecay' | 'sparsity'
export type ComparedX = 'iteration' | 'elapsedMs'

export interface ComparedRun {
  letter: string
  /** 1 to 8: colour and dash. */
  series: number
  columns: IterationColumns
  planned: number
}

export interface ComparedChart {
  theme: ChartTheme
  runs: readonly ComparedRun[]
  term: CostTerm
  x: ComparedX
  xScale: AxisScale
  yScale: AxisScale
}

const plotWidth = 1000

const timeUnits = [1, 1_000, 60_000, 3_600_000]

/** The axis of training time, from 0 or (log) from the first step to the end of the longest run. */
function timeAxis(scale: AxisScale, runs: readonly ComparedRun[]): Axis {
  const ends = runs.map(({ columns }) => columns.elapsedMs[columns.count - 1] ?? 0)
  const last = Math.max(1, ...ends)
  if (scale === 'linear') {
    const unit = timeUnits.findLast((size) => last >= 2 * size) ?? 1
    const step = niceStep(last / unit / 8) * unit
    const max = Math.ceil(last / step) * step
    return {
      scale,
      min: 0,
      max,
      label: timeLabel,
      ticks: (length) => scaled(linearTicks(0, max / unit, length, 64).labelled, unit),
    }
  }
  const starts = runs.map(({ columns }) => columns.elapsedMs.find((ms) => ms > 0) ?? last)
  const min = Math.max(1, Math.min(last / 2, ...starts))
  return { scale, min, max: last, label: timeLabel, ticks: (length) => logTicks(min, last, length, 56) }
}

const scaled = (values: readonly number[], unit: number) => ({
  labelled: values.map((value) => value * unit),
  minor: [],
})

/** One term of the cost of several runs over iterations or training time, each with its letter, colour and dash. */
export const drawCompared: Draw<ComparedChart> = (canvas, first, pointer) => {
  let grown: Domain | null = null
  let key = ''

  function view(options: ComparedChart): LineChartView {
    const { theme, runs, term, yScale } = options
    const x =
      options.x === 'iteration'
        ? iterationAxis(options.xScale, Math.max(...runs.map((run) => run.planned), 2))
        : timeAxis(options.xScale, runs)
    const nextKey = [term, options.x, options.xScale, yScale, ...runs.map((run) => run.letter)].join()
    if (nextKey !== key) grown = null
    key = nextKey

    for (const { columns } of runs) {
      const start = firstShown(x, columns[options.x])
      const settled = firstIndexFrom(columns.iteration, linearFrom)
      const from = yScale === 'linear' && settled < columns.count ? settled : start
      const domain = costDomain(yScale, [columns[term]], [], from, 'steps')
      if (domain === null) continue
      const floor = yScale === 'log' ? clippedBelow([columns.cost], from) : 0
      grown = union(grown, { min: Math.max(domain.min, floor), max: Math.max(domain.max, 10 * floor) })
    }
    const shown = grown ?? { min: yScale === 'log' ? 0.1 : 0, max: 1 }
    const floor = yScale === 'log' ? shown.min / 100 : -Infinity

    const column = columnOf(x, plotWidth)
    const curves = runs.map(({ columns, series }): Curve => {
      const xs = columns[options.x]
      const start = firstShown(x, xs)
      const points = decimate(xs.subarray(start), columns[term].subarray(start), column)
      for (const point of points) if (point.y < floor) point.y = floor
      return { points, colour: seriesColour(theme, series), width: 1.75, dash: seriesDashes[series - 1] }
    })
    const started = runs.filter(({ columns }) => columns.count > 0)
    return {
      theme,
      x,
      y: valueAxis(yScale, shown),
      curves,
      endLabels: started.map(({ letter, columns }) => ({
        x: columns[options.x][columns.count - 1],
        y: columns[term][columns.count - 1],
        text: letter,
      })),
      dotsAt: (cursor) =>
        started.flatMap(({ columns, series }) => {
          const xs = columns[options.x]
          if (cursor > xs[xs.length - 1]) return []
          const i = nearestIndex(xs, cursor)
          return i < 0 ? [] : [{ x: xs[i], y: columns[term][i], colour: seriesColour(theme, series) }]
        }),
    }
  }

  const chart = createLineChart(canvas, view(first), pointer)
  return {
    update: (options) => chart.show(view(options)),
    moveCursor: chart.moveCursor,
    destroy: chart.destroy,
  }
}
