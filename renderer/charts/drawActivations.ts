import type { Chart } from 'chart.js'
import type { Histogram } from '#shared/domain/dataset.ts'
import { createBarChart, type BarChartView } from './barChart.ts'
import { type ChartTheme, type Draw, faded } from './chart.ts'
import { wholeDecades } from './domain.ts'
import { drawUpright } from './marks.ts'
import { chartFontSize as fontSize } from './plainOptions.ts'
import { logTicks } from './ticks.ts'

export interface ActivationHistogram {
  theme: ChartTheme
  histogram: Histogram
  /** Average activation, which is marked. */
  average: number
  /** Whether the average is ρ̂ itself: of tanh, (1 + ρ̂)/2 is. */
  isRhoHat: boolean
}

/** A bar of one patch must be seen on a log axis: it starts below 1. */
const floor = 0.7

function view({ theme, histogram }: ActivationHistogram): BarChartView {
  const { min, max, counts } = histogram
  const top = Math.max(10, wholeDecades({ min: 1, max: Math.max(1, ...counts) }).max)
  return {
    theme,
    min,
    max,
    heights: counts.map((count) => (count === 0 ? NaN : count)),
    colour: faded(theme.colours['series-1'], 0.75),
    y: {
      type: 'logarithmic',
      min: floor,
      max: top,
      ticks: (length) =>
        logTicks(1, top, length, 20).labelled.filter((value) => Number.isInteger(Math.log10(value))),
    },
  }
}

/** How many patches make a unit how active, on a log axis of counts; the average is marked. */
export const drawActivations: Draw<ActivationHistogram> = (canvas, first, pointer) =>
  createBarChart(
    canvas,
    first,
    view,
    (chart, options) => {
      drawUpright(chart, options.average, { colour: options.theme.colours.text, width: 1 })
      writeAverage(chart, options)
    },
    pointer,
  )

/** "ρ̂ 0.0302", or "mean 0.0302", beside the mark, where there is room; the hat is set by hand, as in the text. */
function writeAverage(chart: Chart, { theme, average, isRhoHat }: ActivationHistogram): void {
  const { ctx, chartArea, scales } = chart
  const x = scales.x.getPixelForValue(average)
  ctx.save()
  const symbolFont = `italic ${fontSize * 1.22}px ${theme.mathFont}`
  const textFont = `${fontSize}px ${theme.font}`
  const text = `${isRhoHat ? '' : 'mean'} ${average.toFixed(4)}`
  ctx.font = symbolFont
  const symbolWidth = isRhoHat ? ctx.measureText('ρ').width : 0
  ctx.font = textFont
  const width = symbolWidth + ctx.measureText(text).width
  const left = x + 8 + width > chartArea.right ? x - 8 - width : x + 8
  const baseline = chartArea.top + 12
  ctx.textAlign = 'left'
  ctx.textBaseline = 'alphabetic'
  ctx.lineJoin = 'round'
  ctx.strokeStyle = theme.colours.bg
  ctx.fillStyle = theme.colours.text
  const write = (font: string, words: string, at: number, y: number) => {
    ctx.font = font
    ctx.lineWidth = 3
    ctx.strokeText(words, at, y)
    ctx.fillText(words, at, y)
  }
  write(textFont, text, left + symbolWidth, baseline)
  if (isRhoHat) {
    write(symbolFont, 'ρ', left, baseline)
    write(symbolFont, 'ˆ', left + symbolWidth * 0.16, baseline - 1)
  }
  ctx.restore()
}
