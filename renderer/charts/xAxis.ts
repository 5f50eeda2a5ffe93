import type { IterationColumns } from '#shared/domain/run.ts'
import { axisLabel, timeLabel } from './axisLabel.ts'
import type { Domain } from './domain.ts'
import type { Axis } from './lineChart.ts'
import { firstIndexFrom, nearestIndex } from './nearest.ts'
import { iterationTicks, linearTicks, logTicks, niceStep, type Ticks } from './ticks.ts'

export type AxisScale = 'log' | 'linear'

/** What curves are drawn over. */
export const xQuantities = ['iteration', 'elapsedMs', 'evaluations'] as const
export type XQuantity = (typeof xQuantities)[number]

/** A run as an axis sees it. */
export interface PlottedRun {
  columns: IterationColumns
  /** Planned iterations. */
  planned: number
}

/** The x axis of the curves of one or several runs. */
export function xAxis(quantity: XQuantity, scale: AxisScale, runs: readonly PlottedRun[]): Axis {
  switch (quantity) {
    case 'iteration':
      return iterationAxis(scale, Math.max(2, ...runs.map((run) => run.planned)))
    case 'elapsedMs':
      return timeAxis(scale, runs)
    case 'evaluations':
      return evaluationsAxis(scale, runs)
  }
}

/** Where an iteration stands on the x axis; null before there is any. */
export function xOfIteration(
  columns: IterationColumns,
  quantity: XQuantity,
  iteration: number,
): number | null {
  const i = nearestIndex(columns.iteration, iteration)
  return i < 0 ? null : columns[quantity][i]
}

/** The iteration nearest to a value of the x axis; null before there is any. */
export function iterationAtX(columns: IterationColumns, quantity: XQuantity, x: number): number | null {
  const i = nearestIndex(columns[quantity], x)
  return i < 0 ? null : columns.iteration[i]
}

/** Iterations: all that are planned from the start, so that a live curve never rescales. */
export function iterationAxis(scale: AxisScale, planned: number): Axis {
  const last = Math.max(planned, 2)
  const min = scale === 'log' ? 1 : 0
  return {
    scale,
    min,
    max: last,
    ticks: (length, shown) =>
      shown.min === min && shown.max === last
        ? iterationTicks(scale, last, length)
        : wholeTicks(partTicks(scale, shown, length)),
    label: axisLabel,
  }
}

const timeUnits = [1, 1_000, 60_000, 3_600_000]
const unitOf = (ms: number) => timeUnits.findLast((size) => ms >= 2 * size) ?? 1

const linearTimes = ({ min, max }: Domain, length: number): Ticks => {
  const unit = unitOf(max)
  const { labelled } = linearTicks(min / unit, max / unit, length, 64)
  return { labelled: labelled.map((value) => value * unit), minor: [] }
}

/** Time from 0 on, in units that fit. @param last  ms */
export function linearTimeAxis(last: number): Axis {
  const unit = unitOf(last)
  const step = niceStep(last / unit / 8) * unit
  const max = Math.ceil(last / step) * step
  return {
    scale: 'linear',
    min: 0,
    max,
    label: timeLabel,
    ticks: (length, shown) => linearTimes(shown, length),
  }
}

/** Training time, from 0 or (log) from the first step to the end of the longest run. */
function timeAxis(scale: AxisScale, runs: readonly PlottedRun[]): Axis {
  const last = Math.max(1, ...runs.map(({ columns }) => columns.elapsedMs[columns.count - 1] ?? 0))
  if (scale === 'linear') return linearTimeAxis(last)
  const starts = runs.map(({ columns }) => columns.elapsedMs.find((ms) => ms > 0) ?? last)
  const min = Math.max(1, Math.min(last / 2, ...starts))
  return {
    scale,
    min,
    max: Math.max(last, 2 * min),
    label: timeLabel,
    ticks: (length, shown) =>
      isNarrow(shown) ? linearTimes(shown, length) : logTicks(shown.min, shown.max, length, 56),
  }
}

/** Evaluations of cost and gradient, to those of the run that made most. */
function evaluationsAxis(scale: AxisScale, runs: readonly PlottedRun[]): Axis {
  const last = Math.max(2, ...runs.map(({ columns }) => columns.evaluations[columns.count - 1] ?? 0))
  const step = Math.max(1, niceStep(last / 8))
  return {
    scale,
    min: scale === 'log' ? 1 : 0,
    max: scale === 'log' ? last : Math.ceil(last / step) * step,
    ticks: (length, shown) => wholeTicks(partTicks(scale, shown, length)),
    label: axisLabel,
  }
}

/** Less than a factor of five: a logarithmic axis then looks linear, and is labelled so. */
const isNarrow = ({ min, max }: Domain): boolean => max < 5 * min

const partTicks = (scale: AxisScale, shown: Domain, length: number): Ticks =>
  scale === 'log' && !isNarrow(shown)
    ? logTicks(shown.min, shown.max, length, 56)
    : linearTicks(shown.min, shown.max, length, 64)

const wholeTicks = ({ labelled, minor }: Ticks): Ticks => ({
  labelled: labelled.filter(Number.isInteger),
  minor,
})

/** Index of the first value that the axis can show: a logarithmic one starts at its least value. */
export const firstShown = (axis: Pick<Axis, 'scale' | 'min'>, ascending: ArrayLike<number>): number =>
  axis.scale === 'linear' ? 0 : firstIndexFrom(ascending, axis.min)
