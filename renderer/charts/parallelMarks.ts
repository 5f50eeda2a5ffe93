import type { Chart } from 'chart.js'
import { faded, type ChartTheme } from './chart.ts'
import { drawLetters } from './marks.ts'
import type { Brushes, ParallelAxis } from './parallelAxis.ts'

/** As much of a chart as is drawn on. */
export type Plot = Pick<Chart, 'ctx' | 'chartArea' | 'width'>

const fontSize = 11
const brushWidth = 10

/** Where a position lies in the plot, in pixels. */
export function pixelOf(chart: Pick<Plot, 'chartArea'>, position: number): number {
  const { top, bottom } = chart.chartArea
  return bottom - position * (bottom - top)
}

/** The axes as hairlines, their names and ends; behind the lines. */
export function drawAxes(
  chart: Plot,
  xs: readonly number[],
  axes: readonly ParallelAxis[],
  theme: ChartTheme,
): void {
  const { ctx, chartArea } = chart
  const room = xs.length > 1 ? xs[1] - xs[0] : chart.width
  ctx.save()
  ctx.font = `${fontSize}px ${theme.font}`
  const widths = axes.map(({ name, symbol }) => (symbol === null ? ctx.measureText(name).width : 10))
  const isStaggered = widths.some((width, k) => k > 0 && (width + widths[k - 1]) / 2 > room - 6)
  ctx.textBaseline = 'alphabetic'
  axes.forEach((axis, k) => {
    const x = Math.round(xs[k] - 0.5) + 0.5
    ctx.strokeStyle = theme.colours['line-2']
    ctx.lineWidth = 1
    ctx.beginPath()
    ctx.moveTo(x, chartArea.top)
    ctx.lineTo(x, chartArea.bottom)
    ctx.stroke()
    // Of names that have no room beside each other, every second stands a line higher.
    const baseline = chartArea.top - (isStaggered && k % 2 === 0 ? 34 : 21)
    writeName(chart, axis, xs[k], baseline, 2 * room - 6, theme)
    ctx.font = `${fontSize}px ${theme.font}`
    ctx.fillStyle = theme.colours['text-3']
    const { min, max } = axis.domain
    if (min < max) writeCentred(chart, axis.format(max), xs[k], chartArea.top - 7, room - 4)
    writeCentred(chart, axis.format(min), xs[k], chartArea.bottom + 15, room - 4)
  })
  ctx.restore()
}

/** Of few categories the ones between the ends too, beside their axis; before the lines that lead there. */
export function drawCategories(
  chart: Plot,
  xs: readonly number[],
  axes: readonly ParallelAxis[],
  theme: ChartTheme,
): void {
  const { ctx } = chart
  const room = xs.length > 1 ? xs[1] - xs[0] : chart.width
  ctx.save()
  ctx.font = `${fontSize}px ${theme.font}`
  ctx.textBaseline = 'middle'
  axes.forEach(({ categories, positionOf }, k) => {
    if (categories === null || categories.length > 8) return
    categories.slice(1, -1).forEach((name, i) => {
      halo(chart, cut(ctx, name, room - 12), xs[k] + 6, pixelOf(chart, positionOf(i + 1)), theme)
    })
  })
  ctx.restore()
}

/** The brushed part of each axis, with its ends. */
export function drawBrushes(
  chart: Plot,
  xs: readonly number[],
  axes: readonly ParallelAxis[],
  brushes: Brushes,
  theme: ChartTheme,
): void {
  const { ctx } = chart
  ctx.save()
  axes.forEach((axis, k) => {
    const range = brushes.get(axis.id)
    if (range === undefined) return
    const ends = [range.max, range.min].map((value) =>
      pixelOf(chart, Math.max(0, Math.min(1, axis.positionOf(value)))),
    )
    const left = Math.round(xs[k] - brushWidth / 2)
    ctx.fillStyle = faded(theme.colours.accent, 0.22)
    ctx.fillRect(left, ends[0], brushWidth, Math.max(1, ends[1] - ends[0]))
    ctx.strokeStyle = theme.colours.accent
    ctx.lineWidth = 1.5
    for (const y of ends) {
      ctx.beginPath()
      ctx.moveTo(left - 1, y)
      ctx.lineTo(left + brushWidth + 1, y)
      ctx.stroke()
    }
  })
  ctx.restore()
}

/** A row from axis to axis, as a path; it is broken where the row has no value. */
export function traceRow(
  { ctx, chartArea }: Plot,
  xs: readonly number[],
  axes: readonly ParallelAxis[],
  row: number,
): void {
  let isBroken = true
  axes.forEach(({ positions }, k) => {
    if (Number.isNaN(positions[row])) isBroken = true
    else {
      ctx[isBroken ? 'moveTo' : 'lineTo'](xs[k], pixelOf({ chartArea }, positions[row]))
      isBroken = false
    }
  })
}

/** One row over all others, in one colour, with a dot on every axis; its letter behind the last. */
export function drawRow(
  chart: Plot,
  xs: readonly number[],
  axes: readonly ParallelAxis[],
  row: number,
  style: { colour: string; dash: readonly number[]; opacity: number },
  theme: ChartTheme,
): void {
  const { ctx } = chart
  ctx.save()
  ctx.globalAlpha = style.opacity
  ctx.strokeStyle = style.colour
  ctx.lineWidth = 2
  ctx.lineJoin = 'round'
  ctx.setLineDash([...style.dash])
  ctx.beginPath()
  traceRow(chart, xs, axes, row)
  ctx.stroke()
  ctx.setLineDash([])
  ctx.lineWidth = 1.5
  ctx.strokeStyle = theme.colours.bg
  ctx.fillStyle = style.colour
  axes.forEach(({ positions }, k) => {
    if (Number.isNaN(positions[row])) return
    ctx.beginPath()
    ctx.arc(xs[k], pixelOf(chart, positions[row]), 3.5, 0, 2 * Math.PI)
    ctx.fill()
    ctx.stroke()
  })
  ctx.restore()
}

/** The letters of rows behind the last axis that they meet. */
export function drawRowLetters(
  chart: Plot,
  xs: readonly number[],
  axes: readonly ParallelAxis[],
  letters: readonly { row: number; letter: string }[],
  theme: ChartTheme,
): void {
  const placed = letters.flatMap(({ row, letter }) => {
    const k = axes.findLastIndex(({ positions }) => !Number.isNaN(positions[row]))
    return k < 0 ? [] : [{ text: letter, x: xs[k] + 9, y: pixelOf(chart, axes[k].positions[row]) }]
  })
  drawLetters(chart, placed, theme)
}

function writeName(
  chart: Plot,
  { name, symbol }: ParallelAxis,
  x: number,
  baseline: number,
  room: number,
  theme: ChartTheme,
): void {
  const { ctx } = chart
  ctx.fillStyle = theme.colours.text
  ctx.textAlign = 'center'
  if (symbol === null) {
    writeCentred(chart, name, x, baseline, room)
    return
  }
  const [letter] = symbol
  ctx.font = `italic ${fontSize * 1.22}px ${theme.mathFont}`
  ctx.fillText(letter, x, baseline)
  // The combining hat sits badly on an italic letter in most fonts: it is placed by hand.
  if (symbol.length > 1) ctx.fillText('ˆ', x + 1, baseline - 1)
}

function writeCentred(chart: Plot, text: string, x: number, baseline: number, room: number): void {
  const { ctx } = chart
  ctx.textAlign = 'center'
  const fitting = cut(ctx, text, room)
  const half = ctx.measureText(fitting).width / 2
  ctx.fillText(fitting, Math.max(half, Math.min(chart.width - half, x)), baseline)
}

function halo(chart: Plot, text: string, x: number, y: number, theme: ChartTheme): void {
  const { ctx } = chart
  ctx.textAlign = 'left'
  ctx.strokeStyle = theme.colours.bg
  ctx.lineWidth = 3
  ctx.lineJoin = 'round'
  ctx.fillStyle = theme.colours['text-2']
  ctx.strokeText(text, x, y)
  ctx.fillText(text, x, y)
}

/** As much of a text as there is room for, with an ellipsis where it is cut. */
function cut(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  if (ctx.measureText(text).width <= room) return text
  let length = text.length - 1
  while (length > 1 && ctx.measureText(`${text.slice(0, length)}…`).width > room) length--
  return `${text.slice(0, length).trimEnd()}…`
}
