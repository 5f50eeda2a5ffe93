import type { ChartOptions, Plugin } from 'chart.js'
import { rhoHatSpread } from '#shared/model/rhoHat.ts'
import { axisLabel } from './axisLabel.ts'
import { Chart, type ChartTheme, type Draw, faded } from './chart.ts'
import type { Point } from './decimate.ts'
import { type Domain, nearestSteps, positiveRange, union } from './domain.ts'
import { drawUpright, type Stroke, targetStroke } from './marks.ts'
import {
  chartFontSize,
  chartPadding,
  fixedHeight,
  fixedWidth,
  placeTicks,
  plainOptions,
  plainTicks,
} from './plainOptions.ts'
import { seriesColour } from './series.ts'
import { logTicks } from './ticks.ts'

export interface Distribution {
  letter: string
  /** 1 to 8 */
  series: number
  /** ρ̂ of every unit (for tanh the share of active). */
  values: Float32Array
  /** Sparsity target; null where there is none. */
  target: number | null
}

export interface Distributions {
  theme: ChartTheme
  runs: readonly Distribution[]
}

/** Units further below every target than this many decades lie on the left edge. */
const decadesBelow = 2
const goldenShare = 0.618_033_988_749_895

function domainOf(runs: readonly Distribution[]): Domain {
  const targets = runs.flatMap(({ target }) => (target === null ? [] : [target]))
  const range = positiveRange([...runs.map(({ values }) => values), targets])
  if (range === null) return { min: 0.01, max: 1 }
  const floor = (targets.length > 0 ? Math.min(...targets) : range.max) * 10 ** -decadesBelow
  const shown = { min: Math.max(range.min, floor), max: range.max }
  // At least a factor of four, so that units that agree do not look spread out.
  const middle = Math.sqrt(shown.min * shown.max)
  return nearestSteps(union(shown, { min: middle / 2, max: Math.min(middle * 2, 1) }))
}

/** A dot a unit, spread over the row's height so that equal units lie side by side; always the same way. */
const dots = (values: Float32Array, row: number, { min }: Domain): Point[] =>
  Array.from(values, (value, j) => ({
    x: Math.max(value, min),
    y: row + (((j + 1) * goldenShare) % 1) * 0.5 - 0.25,
  }))

const options = ({ theme, runs }: Distributions, domain: Domain): ChartOptions<'line'> => ({
  ...plainOptions,
  layout: chartPadding(),
  scales: {
    x: {
      type: 'logarithmic',
      ...domain,
      border: { display: false },
      grid: { color: theme.colours.grid, drawTicks: false },
      ticks: {
        ...plainTicks(theme),
        padding: 6,
        align: 'inner',
        callback: (value) => axisLabel(Number(value)),
      },
      afterBuildTicks: placeTicks((scale) => logTicks(scale.min, scale.max, scale.maxWidth, 72).labelled),
      afterFit: fixedHeight(),
    },
    y: {
      type: 'linear',
      min: -0.5,
      max: runs.length - 0.5,
      reverse: true,
      border: { display: false },
      grid: { display: false },
      ticks: {
        ...plainTicks(theme),
        font: { family: theme.font, size: chartFontSize, weight: 600 },
        color: theme.colours.text,
        padding: 8,
        callback: (value) => runs[Number(value)]?.letter ?? '',
      },
      afterBuildTicks: placeTicks(() => runs.map((_, row) => row)),
      afterFit: fixedWidth(24),
    },
  },
})

/** Average activation of every unit of several runs: a row each, with quartiles, median and target. */
export const drawDistributions: Draw<Distributions> = (canvas, first) => {
  let shown = first

  const marks: Plugin<'line'> = {
    id: 'marks',
    beforeDatasetsDraw: ({ ctx, scales }) => {
      ctx.save()
      shown.runs.forEach(({ values, series }, row) => {
        const { lower, upper } = rhoHatSpread(values)
        const [left, right] = [lower, upper].map((value) =>
          scales.x.getPixelForValue(Math.max(value, scales.x.min)),
        )
        const [top, bottom] = [row - 0.34, row + 0.34].map((value) => scales.y.getPixelForValue(value))
        ctx.fillStyle = faded(seriesColour(shown.theme, series), 0.22)
        ctx.fillRect(left, top, Math.max(right - left, 1), bottom - top)
      })
      ctx.restore()
    },
    afterDatasetsDraw: (chart) => {
      const { x, y } = chart.scales
      shown.runs.forEach(({ values, target, series }, row) => {
        const upright = (value: number, reach: number, stroke: Stroke): void =>
          drawUpright(chart, Math.max(value, x.min), stroke, [
            y.getPixelForValue(row - reach),
            y.getPixelForValue(row + reach),
          ])
        const colour = seriesColour(shown.theme, series)
        upright(rhoHatSpread(values).median, 0.34, { colour, width: 1.5 })
        if (target !== null) upright(target, 0.48, targetStroke(shown.theme))
      })
    },
  }

  function content(next: Distributions) {
    const domain = domainOf(next.runs)
    return {
      options: options(next, domain),
      datasets: next.runs.map(({ values, series }, row) => ({
        data: dots(values, row, domain),
        showLine: false,
        pointRadius: values.length > 400 ? 1 : 2,
        pointHitRadius: 0,
        borderWidth: 0,
        pointBorderWidth: 0,
        pointBackgroundColor: faded(seriesColour(next.theme, series), 0.75),
        clip: 4,
      })),
    }
  }

  const start = content(first)
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: start.datasets },
    options: start.options,
    plugins: [marks],
  })
  return {
    update(next) {
      shown = next
      const { datasets, options } = content(next)
      chart.data.datasets = datasets
      chart.options = options
      chart.update('none')
    },
    moveCursor: () => undefined,
    destroy: () => chart.destroy(),
  }
}
