import type { Chart } from 'chart.js'
import { axisLabel } from './axisLabel.ts'
import type { ChartTheme } from './chart.ts'
import { chartFontSize as fontSize } from './plainOptions.ts'

/** A dashed horizontal line with its value: the sparsity target ρ. */
export interface Target {
  y: number
}

/** A letter at the end of a curve. */
export interface EndLabel {
  x: number
  y: number
  text: string
}

function line(chart: Pick<Chart, 'ctx'>, from: [number, number], to: [number, number]): void {
  chart.ctx.beginPath()
  chart.ctx.moveTo(...from)
  chart.ctx.lineTo(...to)
  chart.ctx.stroke()
}

/** Short marks under the plot, where a logarithmic axis has no room for labels. */
export function drawMinorTicks(chart: Chart, values: readonly number[], theme: ChartTheme): void {
  const { ctx, chartArea, scales } = chart
  ctx.save()
  ctx.strokeStyle = theme.colours['line-2']
  ctx.lineWidth = 1
  for (const value of values) {
    const x = Math.round(scales.x.getPixelForValue(value)) + 0.5
    if (x < chartArea.left || x > chartArea.right + 1) continue
    line(chart, [x, chartArea.bottom + 1], [x, chartArea.bottom + 3])
  }
  ctx.restore()
}

/** The vertical cursor, with a dot on every curve that it meets inside the plot. */
export function drawCursor(
  chart: Chart,
  cursor: number,
  dots: readonly { x: number; y: number; colour: string }[],
  theme: ChartTheme,
): void {
  const { ctx, chartArea, scales } = chart
  // A logarithmic axis draws what it cannot show, iteration 0, at its start.
  if (cursor < scales.x.min) return
  const x = scales.x.getPixelForValue(cursor)
  if (!(x >= chartArea.left - 0.5 && x <= chartArea.right + 0.5)) return
  ctx.save()
  ctx.strokeStyle = theme.colours.accent
  ctx.lineWidth = 1
  const crisp = Math.round(x - 0.5) + 0.5
  line(chart, [crisp, chartArea.top], [crisp, chartArea.bottom])
  for (const dot of dots) {
    const y = scales.y.getPixelForValue(dot.y)
    if (!(y >= chartArea.top - 1 && y <= chartArea.bottom + 1)) continue
    ctx.beginPath()
    ctx.arc(scales.x.getPixelForValue(dot.x), y, 3, 0, 2 * Math.PI)
    ctx.fillStyle = dot.colour
    ctx.fill()
    ctx.strokeStyle = theme.colours.bg
    ctx.lineWidth = 1.5
    ctx.stroke()
  }
  ctx.restore()
}

export interface Stroke {
  colour: string
  width: number
  dash?: number[]
}

export const targetStroke = ({ colours }: ChartTheme): Stroke => ({
  colour: colours.accent,
  width: 1.25,
  dash: [4, 3],
})

/** A vertical line at a value of the x axis, over the plot or a part of it; nothing where it lies outside. */
export function drawUpright(
  { ctx, chartArea, scales }: Chart,
  value: number,
  { colour, width, dash = [] }: Stroke,
  [top, bottom]: readonly [number, number] = [chartArea.top, chartArea.bottom],
): void {
  const x = Math.round(scales.x.getPixelForValue(value) - 0.5) + 0.5
  if (!(x >= chartArea.left - 1 && x <= chartArea.right + 1)) return
  ctx.save()
  ctx.strokeStyle = colour
  ctx.lineWidth = width
  ctx.setLineDash(dash)
  line({ ctx }, [x, top], [x, bottom])
  ctx.restore()
}

/** The target, dashed in the accent, named below its right end: curves come down to it from above. */
export function drawTarget(chart: Chart, target: Target, theme: ChartTheme): void {
  const { ctx, chartArea, scales } = chart
  const y = Math.round(scales.y.getPixelForValue(target.y)) + 0.5
  if (!(y >= chartArea.top && y <= chartArea.bottom + 1)) return
  ctx.save()
  const { colour, width, dash = [] } = targetStroke(theme)
  ctx.strokeStyle = colour
  ctx.lineWidth = width
  ctx.setLineDash(dash)
  line(chart, [chartArea.left, y], [chartArea.right, y])
  const baseline = chartArea.bottom - y < 20 ? y - 6 : y + 14
  writeTarget(chart, target.y, chartArea.right - 4, baseline, theme)
  ctx.restore()
}

/** "target ρ 0.03", ending at x; ρ italic in the mathematical font. */
export function writeTarget(chart: Chart, rho: number, x: number, baseline: number, theme: ChartTheme): void {
  const { ctx } = chart
  const parts: [string, string][] = [
    [`${fontSize}px ${theme.font}`, 'target '],
    [`italic ${fontSize * 1.22}px ${theme.mathFont}`, 'ρ'],
    [`${fontSize}px ${theme.font}`, ` ${axisLabel(rho)}`],
  ]
  const widths = parts.map(([font, text]) => {
    ctx.font = font
    return ctx.measureText(text).width
  })
  ctx.fillStyle = theme.colours.accent
  ctx.textAlign = 'left'
  ctx.textBaseline = 'alphabetic'
  let left = x - widths.reduce((sum, width) => sum + width, 0)
  ctx.strokeStyle = theme.colours.bg
  ctx.lineWidth = 3
  ctx.lineJoin = 'round'
  ctx.setLineDash([])
  parts.forEach(([font, text], i) => {
    ctx.font = font
    // A rim of the ground, so that it can be read on a band too.
    ctx.strokeText(text, left, baseline)
    ctx.fillText(text, left, baseline)
    left += widths[i]
  })
}

/** Letters behind the curves' ends; of curves that end together, pushed apart where they would overlap. */
export function drawEndLabels(chart: Chart, labels: readonly EndLabel[], theme: ChartTheme): void {
  const { chartArea, scales } = chart
  const placed = labels.map(({ text, x, y }) => ({
    text,
    x: Math.min(scales.x.getPixelForValue(x), chartArea.right) + 8,
    y: scales.y.getPixelForValue(y),
  }))
  drawLetters(chart, placed, theme)
}

/** Letters at pixels, pushed apart where they would overlap; those outside the plot are left out. */
export function drawLetters(
  chart: Pick<Chart, 'ctx' | 'chartArea'>,
  letters: readonly EndLabel[],
  theme: ChartTheme,
): void {
  const { ctx, chartArea } = chart
  const lineHeight = 13
  const placed = letters
    .filter(({ y }) => y >= chartArea.top - 1 && y <= chartArea.bottom + 1)
    .map((letter) => ({ ...letter }))
    .sort((a, b) => a.y - b.y)
  const touches = (a: { x: number }, b: { x: number }) => Math.abs(a.x - b.x) < 14
  placed.forEach((label, i) => {
    const above = placed.slice(0, i).findLast((other) => touches(other, label))
    if (above) label.y = Math.max(label.y, above.y + lineHeight)
  })
  placed.toReversed().forEach((label, i, fromBelow) => {
    const below = fromBelow.slice(0, i).findLast((other) => touches(other, label))
    label.y = Math.min(label.y, below ? below.y - lineHeight : chartArea.bottom)
  })
  ctx.save()
  ctx.font = `600 ${fontSize}px ${theme.font}`
  ctx.fillStyle = theme.colours.text
  ctx.strokeStyle = theme.colours.bg
  ctx.lineWidth = 4
  ctx.lineJoin = 'round'
  ctx.textBaseline = 'middle'
  for (const { text, x, y } of placed) {
    ctx.strokeText(text, x, y)
    ctx.fillText(text, x, y)
  }
  ctx.restore()
}
