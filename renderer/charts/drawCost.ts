import type { IterationColumns } from '#shared/domain/run.ts'
import type { Draw } from './chart.ts'
import type { CurveView } from './curveView.ts'
import { type Domain, union } from './domain.ts'
import { createLineChart, lineChartHandle, type LineChartView } from './lineChart.ts'
import { firstIndexFrom, nearestIndex } from './nearest.ts'
import { smoothedCurves } from './smoothedCurves.ts'
import { costDomain, linearFrom, valueAxis } from './valueAxis.ts'
import { type AxisScale, firstShown, xAxis } from './xAxis.ts'

export interface CostChart extends CurveView {
  columns: IterationColumns
  /** Planned iterations: the end of the x axis. */
  planned: number
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
 * The cost of one run and its weighted parts over the course of training, on log or linear axes.
 * The y domain only grows while the same scale is shown, so that a live chart does not jump.
 */
export const drawCost: Draw<CostChart> = (canvas, first, pointer) => {
  let grown: Domain | null = null
  let scales = ''

  function view(options: CostChart): LineChartView {
    const { columns, theme, yScale, xQuantity, smoothing, range } = options
    const x = xAxis(xQuantity, options.xScale, [options])
    const xs = columns[xQuantity]
    const start = firstShown(x, xs)
    const parts = shownParts(options)
    const key = `${options.xScale} ${xQuantity} ${yScale} ${parts.length}`
    if (key !== scales) grown = null
    scales = key

    const settled = firstIndexFrom(columns.iteration, linearFrom)
    const from = yScale === 'linear' && settled < columns.count ? settled : start < columns.count ? start : 0
    const rest = parts.filter(({ name }) => name !== 'cost').map(({ name }) => columns[name])
    const domain = costDomain(yScale, [columns.cost], rest, from, 'decades')
    if (domain !== null) grown = union(grown, domain)
    const curves = smoothedCurves(
      parts.map(({ name, ...look }) => ({ xs, ys: columns[name], ...look })),
      smoothing,
    )
    return {
      theme,
      x,
      range,
      y: valueAxis(yScale, grown ?? { min: yScale === 'log' ? 0.01 : 0, max: 1 }),
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
