import type { IterationColumns } from '#shared/domain/run.ts'
import type { ChartTheme, Draw } from './chart.ts'
import { decimate } from './decimate.ts'
import { type Domain, union } from './domain.ts'
import { type AxisScale, columnOf, firstShown, iterationAxis } from './iterationAxis.ts'
import { createLineChart, type Curve, type LineChartView } from './lineChart.ts'
import { firstIndexFrom, nearestIndex } from './nearest.ts'
import { costDomain, linearFrom, valueAxis } from './valueAxis.ts'

export interface CostChart {
  theme: ChartTheme
  columns: IterationColumns
  /** Planned iterations: the end of the x axis. */
  planned: number
  xScale: AxisScale
  yScale: AxisScale
  /** False where λ or β is 0: a part that is always 0 has no curve. */
  showWeightDecay: boolean
  showSparsity: boolean
  /** Whether patches are held out. */
  showValidation: boolean
}

type Part = 'cost' | 'validation' | 'reconstruction' | 'weightDecay' | 'sparsity'

interface ShownPart {
  name: Part
  colour: string
  width: number
  dash?: readonly number[]
}

/** Of the reconstruction error of patches held out, which lies close to that of the others. */
export const validationDash = [4, 3]

/** Curves of a chart this wide are indistinguishable from the full ones. */
const plotWidth = 800

function shownParts(options: CostChart): ShownPart[] {
  const { colours } = options.theme
  const parts: ShownPart[] = [
    { name: 'cost', colour: colours.text, width: 1.75 },
    { name: 'validation', colour: colours['series-4'], width: 1.25, dash: validationDash },
    { name: 'reconstruction', colour: colours['series-1'], width: 1.25 },
    { name: 'weightDecay', colour: colours['series-2'], width: 1.25 },
    { name: 'sparsity', colour: colours['series-3'], width: 1.25 },
  ]
  const isShown: Partial<Record<Part, boolean>> = {
    validation: options.showValidation,
    weightDecay: options.showWeightDecay,
    sparsity: options.showSparsity,
  }
  return parts.filter(({ name }) => isShown[name] ?? true)
}

/**
 * The cost of one run and its weighted parts over the iterations, on log or linear axes.
 * The y domain only grows while the same scale is shown, so that a live chart does not jump.
 */
export const drawCost: Draw<CostChart> = (canvas, first, pointer) => {
  let grown: Domain | null = null
  let scales = ''

  function view(options: CostChart): LineChartView {
    const { columns, theme, yScale } = options
    const x = iterationAxis(options.xScale, options.planned)
    const start = firstShown(x, columns.iteration)
    const parts = shownParts(options)
    const key = `${options.xScale} ${yScale} ${parts.length}`
    if (key !== scales) grown = null
    scales = key

    const settled = firstIndexFrom(columns.iteration, linearFrom)
    const from = yScale === 'linear' && settled < columns.count ? settled : start < columns.count ? start : 0
    const rest = parts.filter(({ name }) => name !== 'cost').map(({ name }) => columns[name])
    const domain = costDomain(yScale, [columns.cost], rest, from, 'decades')
    if (domain !== null) grown = union(grown, domain)
    const shown = grown ?? { min: yScale === 'log' ? 0.01 : 0, max: 1 }
    // A part that is exactly 0 has no logarithm: its curve leaves through the floor.
    const floor = yScale === 'log' ? shown.min / 100 : -Infinity

    const column = columnOf(x, plotWidth)
    const xs = columns.iteration.subarray(start)
    const curves = parts.map(({ name, colour, width, dash }): Curve => {
      const points = decimate(xs, columns[name].subarray(start), column)
      for (const point of points) if (point.y < floor) point.y = floor
      return { points, colour, width, dash }
    })
    return {
      theme,
      x,
      y: valueAxis(yScale, shown),
      curves,
      dotsAt(cursor) {
        const i = nearestIndex(columns.iteration, cursor)
        if (i < 0) return []
        return parts.map(({ name, colour }) => ({ x: columns.iteration[i], y: columns[name][i], colour }))
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
