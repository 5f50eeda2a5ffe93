import { linear, spread, tightAxis, valueAxis, type Axis } from './axis.ts'
import { escapeHtml } from './html.ts'

export interface ChartLine {
  name: string
  /** 1 to 6: a colour of the style sheet. */
  colour: number
  x: Float64Array
  y: Float64Array
}

export interface ChartOptions {
  /** What the chart shows, for those who cannot see it. */
  title: string
  xLabel: string
  /** A level drawn across, with its name. */
  target?: { value: number; name: string }
}

const width = 504
const height = 248
const left = 48
const right = 20
const top = 12
const bottom = 40
const plotWidth = width - left - right
const plotHeight = height - top - bottom

const place = (value: number) => value.toFixed(1)

/** Lines over iterations as inline SVG; colours come from the page's style. */
export function lineChart(lines: readonly ChartLine[], { title, xLabel, target }: ChartOptions): string {
  const x = tightAxis(lines.flatMap((line) => [line.x[0], line.x.at(-1) ?? NaN]))
  const levels = target ? [target.value] : []
  const y = valueAxis([...levels, ...lines.flatMap((line) => Array.from(line.y))])
  const paths = lines.map((line) => `<path class="line s${line.colour}" d="${linePath(line, x, y)}"/>`)
  const level = target
    ? `<path class="target" d="M${left} ${place(yOf(y, target.value))}H${width - right}"/>`
    : ''
  return figure(title, lines, target, `${axes(x, y, xLabel)}${level}${paths.join('')}`)
}

/** Counts in equal bins from `min` to `max` as inline SVG. */
export function histogramChart(
  { min, max, counts }: { min: number; max: number; counts: readonly number[] },
  { title, xLabel, target }: ChartOptions,
): string {
  const x = linear(...spread(Math.min(min, target?.value ?? min), Math.max(max, target?.value ?? max)))
  const y = linear(0, Math.max(1, ...counts))
  const [from, to] = spread(min, max)
  const edge = (bin: number) => from + ((to - from) * bin) / counts.length
  const bars = counts.map((count, bin) => {
    const [start, end] = [xOf(x, edge(bin)), xOf(x, edge(bin + 1))].map(place)
    const [foot, head] = [yOf(y, 0), yOf(y, count)].map(place)
    return `<path class="bar" d="M${start} ${foot}V${head}H${end}V${foot}Z"/>`
  })
  const level = target
    ? `<path class="target" d="M${place(xOf(x, target.value))} ${top}V${top + plotHeight}"/>`
    : ''
  return figure(title, [], target, `${axes(x, y, xLabel)}${bars.join('')}${level}`)
}

const xOf = (axis: Axis, value: number) => left + axis.share(value) * plotWidth
const yOf = (axis: Axis, value: number) => top + (1 - axis.share(value)) * plotHeight

function figure(
  title: string,
  lines: readonly ChartLine[],
  target: ChartOptions['target'],
  content: string,
): string {
  const keys = [
    ...lines.map(({ name, colour }) => ({ name, style: `s${colour}` })),
    ...(target ? [{ name: target.name, style: 'dashed' }] : []),
  ]
  const legend = keys
    .map(({ name, style }) => `<span class="key ${style}">${escapeHtml(name)}</span>`)
    .join(' ')
  return (
    `<figure><figcaption>${escapeHtml(title)} <span class="legend">${legend}</span></figcaption>` +
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">${content}</svg></figure>`
  )
}

function axes(x: Axis, y: Axis, xLabel: string): string {
  const rows = y.ticks.map(({ value, text }) => {
    const at = place(yOf(y, value))
    return `<path class="grid" d="M${left} ${at}H${width - right}"/><text x="${left - 8}" y="${at}" dy=".32em" text-anchor="end">${text}</text>`
  })
  const columns = x.ticks.map(
    ({ value, text }) =>
      `<text x="${place(xOf(x, value))}" y="${top + plotHeight + 16}" text-anchor="middle">${text}</text>`,
  )
  const label = `<text x="${left + plotWidth / 2}" y="${height - 6}" text-anchor="middle">${escapeHtml(xLabel)}</text>`
  return `${rows.join('')}${columns.join('')}${label}`
}

/** A broken line; of many points in one column of the picture, the lowest and the highest are kept. */
function linePath({ x, y }: ChartLine, xAxis: Axis, yAxis: Axis): string {
  const points: string[] = []
  const perColumn = Math.max(1, Math.floor(x.length / plotWidth))
  let isGap = true
  for (let from = 0; from < x.length; from += perColumn) {
    for (const k of extremes(y, from, Math.min(x.length, from + perColumn))) {
      if (!Number.isFinite(y[k])) {
        isGap = true
        continue
      }
      points.push(`${isGap ? 'M' : 'L'}${place(xOf(xAxis, x[k]))} ${place(yOf(yAxis, y[k]))}`)
      isGap = false
    }
  }
  return points.join('')
}

/** Places of the least and the greatest value, in their order. */
function extremes(y: Float64Array, from: number, to: number): number[] {
  let least = from
  let most = from
  for (let k = from + 1; k < to; k++) {
    if (y[k] < y[least]) least = k
    if (y[k] > y[most]) most = k
  }
  return least === most ? [least] : [Math.min(least, most), Math.max(least, most)]
}
