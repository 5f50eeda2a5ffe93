import { Chart } from './chart.ts'

/** What keeps a context inside a chart. */
interface Holder {
  ctx?: unknown
  _ctx?: unknown
}

/**
 * Draws a chart that is on the page once more, onto another context, in CSS pixels from (0, 0). Chart.js keeps its
 * context in the chart, its scales and its controllers: all of them are lent the other one for one drawing.
 */
export function drawChartOn(canvas: HTMLCanvasElement, ctx: CanvasRenderingContext2D): void {
  const chart = Chart.getChart(canvas)
  if (chart === undefined) throw new Error('There is no chart on this canvas.')
  const own = chart.ctx
  const metas = chart.getSortedVisibleDatasetMetas()
  const scales: Holder[] = Object.values(chart.scales)
  const controllers = metas.map(({ controller }) => controller as unknown as Holder)
  const lines = metas.flatMap(({ dataset }) => (dataset ? [dataset as unknown as { options: object }] : []))
  const lineOptions = lines.map((line) => line.options)
  const lend = (context: CanvasRenderingContext2D) => {
    for (const holder of [chart as Holder, ...scales]) holder.ctx = context
    for (const controller of controllers) Object.assign(controller, { _ctx: context })
  }
  lend(ctx)
  for (const line of lines) line.options = withoutCachedPath(line.options)
  // It would clear all of the other canvas.
  Object.assign(chart, { clear: () => chart })
  try {
    chart.draw()
  } finally {
    Reflect.deleteProperty(chart, 'clear')
    lend(own)
    lines.forEach((line, i) => (line.options = lineOptions[i]))
  }
}

/**
 * Chart.js draws a line as a Path2D, which an SVG context cannot read. A line that styles its segments one by one is
 * drawn without; these style none.
 */
const withoutCachedPath = (options: object): object =>
  new Proxy(options, {
    get: (target, key) => (key === 'segment' ? {} : (Reflect.get(target, key) as unknown)),
  })
