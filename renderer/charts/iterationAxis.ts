import { axisLabel } from './axisLabel.ts'
import type { Axis } from './lineChart.ts'
import { iterationTicks } from './ticks.ts'

export type AxisScale = 'log' | 'linear'

/** The axis of iterations: it spans all that are planned from the start, so that a live curve never rescales. */
export function iterationAxis(scale: AxisScale, planned: number): Axis {
  const last = Math.max(planned, 2)
  return {
    scale,
    min: scale === 'log' ? 1 : 0,
    max: last,
    ticks: (length) => iterationTicks(scale, last, length),
    label: axisLabel,
  }
}

/** Pixel column of an x value on a plot about `width` pixels wide: what `decimate` needs. */
export function columnOf(axis: Pick<Axis, 'scale' | 'min' | 'max'>, width: number): (x: number) => number {
  if (axis.scale === 'linear') return (x) => ((x - axis.min) / (axis.max - axis.min)) * width
  const low = Math.log(axis.min)
  const span = Math.log(axis.max) - low
  return (x) => ((Math.log(Math.max(x, axis.min)) - low) / span) * width
}

/** Index of the first value that the axis can show: a logarithmic one starts at its least value. */
export function firstShown(axis: Pick<Axis, 'scale' | 'min'>, ascending: ArrayLike<number>): number {
  if (axis.scale === 'linear') return 0
  let first = 0
  while (first < ascending.length && ascending[first] < axis.min) first++
  return first
}
