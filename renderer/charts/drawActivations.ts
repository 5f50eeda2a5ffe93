import type { ChartConfiguration, Plugin, Scale } from 'chart.js'
import type { Histogram } from '#shared/domain/dataset.ts'
import { axisLabel } from './axisLabel.ts'
import { Chart, type ChartTheme, type Draw, faded } from './chart.ts'
import { wholeDecades } from './domain.ts'
import { linearTicks, logTicks } from './ticks.ts'

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
const fontSize = 11

function options({ theme, histogram }: ActivationHistogram): ChartConfiguration<'bar'>['options'] {
  const ticks = {
    color: theme.colours['text-3'],
    font: { family: theme.font, size: fontSize },
    maxRotation: 0,
    autoSkip: false,
    callback: (value: number | string) => axisLabel(Number(value)),
  }
  const { min, max, counts } = histogram
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    parsing: false,
    normalized: true,
    layout: { padding: { top: 6, right: 4, bottom: 0, left: 0 } },
    scales: {
      x: {
        type: 'linear',
        offset: false,
        min,
        max,
        border: { color: theme.colours['line-2'] },
        grid: { display: false, drawTicks: false },
        ticks: { ...ticks, padding: 5, align: 'inner' },
        afterBuildTicks: (scale: Scale) => {
          scale.ticks = linearTicks(scale.min, scale.max, scale.maxWidth, 72).labelled.map((value) => ({
            value,
          }))
        },
        afterFit: (scale: Scale) => void (scale.height = 22),
      },
      y: {
        type: 'logarithmic',
        min: floor,
        max: Math.max(10, wholeDecades({ min: 1, max: Math.max(1, ...counts) }).max),
        border: { display: false },
        grid: { color: theme.colours.grid, drawTicks: false },
        ticks: { ...ticks, padding: 8 },
        afterBuildTicks: (scale: Scale) => {
          scale.ticks = logTicks(1, scale.max, scale.maxHeight, 20)
            .labelled.filter((value) => Number.isInteger(Math.log10(value)))
            .map((value) => ({ value }))
        },
        afterFit: (scale: Scale) => void (scale.width = 48),
      },
    },
  }
}

/** How many patches make a unit how active, on a log axis of counts; the average is marked. */
export const drawActivations: Draw<ActivationHistogram> = (canvas, first, pointer) => {
  let shown = first

  const mark: Plugin<'bar'> = {
    id: 'average',
    afterDatasetsDraw: (chart) => {
      const { ctx, chartArea, scales } = chart
      const x = Math.round(scales.x.getPixelForValue(shown.average) - 0.5) + 0.5
      ctx.save()
      ctx.strokeStyle = shown.theme.colours.text
      ctx.lineWidth = 1
      ctx.beginPath()
      ctx.moveTo(x, chartArea.top)
      ctx.lineTo(x, chartArea.bottom)
      ctx.stroke()
      writeAverage(chart, shown, x)
      ctx.restore()
    },
  }

  function content(next: ActivationHistogram) {
    const { min, max, counts } = next.histogram
    const width = (max - min) / counts.length
    return {
      datasets: [
        {
          data: counts.map((y, i) => ({ x: min + (i + 0.5) * width, y: y === 0 ? NaN : y })),
          backgroundColor: faded(next.theme.colours['series-1'], 0.75),
          barPercentage: 0.9,
          categoryPercentage: 1,
          grouped: false,
        },
      ],
      options: options(next),
    }
  }

  const start = content(first)
  const chart = new Chart(canvas, {
    type: 'bar',
    data: { datasets: start.datasets },
    options: start.options,
    plugins: [mark],
  } as ChartConfiguration<'bar', { x: number; y: number }[]>)

  const listening = new AbortController()
  if (pointer) {
    const { signal } = listening
    canvas.addEventListener(
      'pointermove',
      (event) => {
        const { left, right, top, bottom } = chart.chartArea
        const { offsetX: x, offsetY: y } = event
        const isInside = x >= left && x < right && y >= top && y <= bottom
        pointer.hover(isInside ? (chart.scales.x.getValueForPixel(x) ?? null) : null)
      },
      { signal },
    )
    canvas.addEventListener('pointerleave', () => pointer.hover(null), { signal })
  }

  return {
    update(next) {
      shown = next
      const { datasets, options } = content(next)
      chart.data.datasets = datasets
      if (options) chart.options = options
      chart.update('none')
    },
    moveCursor: () => undefined,
    destroy() {
      listening.abort()
      chart.destroy()
    },
  }
}

/** "ρ̂ 0.0302", or "mean 0.0302", beside the mark, where there is room; the hat is set by hand, as in the text. */
function writeAverage(chart: Chart, { theme, average, isRhoHat }: ActivationHistogram, x: number): void {
  const { ctx, chartArea } = chart
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
  if (!isRhoHat) return
  write(symbolFont, 'ρ', left, baseline)
  write(symbolFont, 'ˆ', left + symbolWidth * 0.16, baseline - 1)
}
