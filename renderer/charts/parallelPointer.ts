import type { Chart } from 'chart.js'
import { brushBetween, type Brushes, type ParallelAxis, type Range } from './parallelAxis.ts'

/** What the pointer does over parallel coordinates. */
export interface ParallelEvents {
  /** A range of an axis is brushed; null clears it. */
  brush(axisId: string, range: Range | null): void
  /** The row whose line is pointed at; null for none. */
  hover(row: number | null): void
  /** A row's line is clicked. */
  pick(row: number): void
}

interface Shown {
  axes: readonly ParallelAxis[]
  brushes: Brushes
  on: ParallelEvents
}

const axisReach = 10
const edgeReach = 6
const lineReach = 5
/** A press that moves less is a click: it clears the brush. */
const leastDrag = 4

/** The axis nearest to a pixel, if it is near. */
const axisAt = (xs: readonly number[], x: number): number =>
  xs.findIndex((axis) => Math.abs(axis - x) <= axisReach)

/** The row whose line is nearest to a point between two axes; null where none is near. */
export function rowAt(
  axes: readonly ParallelAxis[],
  xs: readonly number[],
  yOf: (position: number) => number,
  x: number,
  y: number,
  among: readonly number[],
): number | null {
  const right = xs.findIndex((axis) => axis >= x)
  if (right < 1) return null
  const share = (x - xs[right - 1]) / (xs[right] - xs[right - 1])
  let nearest: number | null = null
  let least = lineReach
  for (const row of among) {
    const from = yOf(axes[right - 1].positions[row])
    const to = yOf(axes[right].positions[row])
    const slope = (to - from) / (xs[right] - xs[right - 1])
    const distance = Math.abs(from + share * (to - from) - y) / Math.hypot(1, slope)
    if (distance < least) {
      least = distance
      nearest = row
    }
  }
  return nearest
}

/** How a drag changes the brush of an axis: from where it began, to positions. */
type Drag = (position: number) => [number, number]

function dragFrom(axis: ParallelAxis, range: Range | undefined, start: number, edge: number): Drag {
  if (range === undefined) return (position) => [start, position]
  const [low, high] = [axis.positionOf(range.min), axis.positionOf(range.max)]
  if (Math.abs(start - low) <= edge) return (position) => [high, position]
  if (Math.abs(start - high) <= edge) return (position) => [low, position]
  if (start < low || start > high) return (position) => [start, position]
  // Taken in the middle, the band moves as it is.
  return (position) => {
    const by = Math.max(-low, Math.min(1 - high, position - start))
    return [low + by, high + by]
  }
}

/**
 * Follows the pointer over parallel coordinates: a drag on an axis brushes it, on a band moves it, on its edge resizes
 * it, a click on it clears it; elsewhere lines are pointed at and picked.
 * @param xs    pixels of the axes
 * @param among rows that can be pointed at
 */
export function followParallelPointer(
  chart: Pick<Chart, 'canvas' | 'chartArea'>,
  xs: () => readonly number[],
  shown: () => Shown,
  among: () => readonly number[],
  signal: AbortSignal,
): void {
  const { canvas } = chart
  let drag: { axis: ParallelAxis; at: Drag; startY: number; isMoved: boolean } | null = null

  const positionAt = (y: number) =>
    (chart.chartArea.bottom - y) / (chart.chartArea.bottom - chart.chartArea.top)
  const yOf = (position: number) =>
    chart.chartArea.bottom - position * (chart.chartArea.bottom - chart.chartArea.top)
  const isBeside = ({ offsetY: y }: PointerEvent) =>
    y >= chart.chartArea.top - 8 && y <= chart.chartArea.bottom + 8

  function move(event: PointerEvent): void {
    if (drag !== null) {
      drag.isMoved ||= Math.abs(event.offsetY - drag.startY) >= leastDrag
      if (!drag.isMoved) return
      const [from, to] = drag.at(Math.max(0, Math.min(1, positionAt(event.offsetY))))
      shown().on.brush(drag.axis.id, brushBetween(drag.axis, from, to))
      return
    }
    const isOnAxis = isBeside(event) && axisAt(xs(), event.offsetX) >= 0
    const row = isOnAxis ? null : rowAt(shown().axes, xs(), yOf, event.offsetX, event.offsetY, among())
    canvas.style.cursor = isOnAxis ? 'ns-resize' : row === null ? '' : 'pointer'
    shown().on.hover(row)
  }

  function press(event: PointerEvent): void {
    const { axes, brushes } = shown()
    const at = axisAt(xs(), event.offsetX)
    if (event.button !== 0 || at < 0 || !isBeside(event)) return
    const axis = axes[at]
    const start = Math.max(0, Math.min(1, positionAt(event.offsetY)))
    const edge = edgeReach / (chart.chartArea.bottom - chart.chartArea.top)
    drag = {
      axis,
      at: dragFrom(axis, brushes.get(axis.id), start, edge),
      startY: event.offsetY,
      isMoved: false,
    }
    canvas.setPointerCapture(event.pointerId)
    shown().on.hover(null)
  }

  function release(event: PointerEvent): void {
    if (drag !== null) {
      if (!drag.isMoved) shown().on.brush(drag.axis.id, null)
      drag = null
      return
    }
    if (event.button !== 0) return
    const row = rowAt(shown().axes, xs(), yOf, event.offsetX, event.offsetY, among())
    if (row !== null) shown().on.pick(row)
  }

  canvas.addEventListener('pointermove', move, { signal })
  canvas.addEventListener('pointerdown', press, { signal })
  canvas.addEventListener('pointerup', release, { signal })
  canvas.addEventListener('pointercancel', () => (drag = null), { signal })
  canvas.addEventListener('pointerleave', () => drag === null && shown().on.hover(null), { signal })
}
