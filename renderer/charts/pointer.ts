import type { Chart } from 'chart.js'
import type { ChartPointer } from './chart.ts'

/** CSS pixels that the pointer may move in a click; further is a drag. */
export const dragThreshold = 5

/** Tells of the pointer over a chart's plot. @returns stops it */
export function followPointer(chart: Chart, pointer: ChartPointer): () => void {
  const { canvas } = chart
  const listening = new AbortController()
  const { signal } = listening
  let pressedAt = 0
  const valueAt = (event: MouseEvent): number | null => {
    const { left, right, top, bottom } = chart.chartArea
    const { offsetX: x, offsetY: y } = event
    const isInside = x >= left - 4 && x <= right + 4 && y >= top && y <= bottom
    return isInside ? (chart.scales.x.getValueForPixel(x) ?? null) : null
  }
  canvas.addEventListener('pointermove', (event) => pointer.hover(valueAt(event)), { signal })
  canvas.addEventListener('pointerleave', () => pointer.hover(null), { signal })
  canvas.addEventListener('pointerdown', (event) => (pressedAt = event.offsetX), { signal })
  canvas.addEventListener(
    'click',
    (event) => {
      const x = valueAt(event)
      if (x !== null && Math.abs(event.offsetX - pressedAt) <= dragThreshold) pointer.pick(x)
    },
    { signal },
  )
  canvas.addEventListener('dblclick', () => pointer.zoom?.(null), { signal })
  return () => listening.abort()
}
