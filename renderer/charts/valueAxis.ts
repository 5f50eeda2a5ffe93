import { axisLabel } from './axisLabel.ts'
import { niceStep, linearTicks, logTicks } from './ticks.ts'
import { type Domain, finiteRange, nearestSteps, positiveRange, union, wholeDecades } from './domain.ts'
import type { Axis } from './lineChart.ts'
import type { AxisScale } from './xAxis.ts'

const labelRoom = 28

/** A vertical axis over a domain; log domains are positive. */
export function valueAxis(scale: AxisScale, domain: Domain): Axis {
  return {
    scale,
    ...domain,
    ticks: (length) =>
      scale === 'log'
        ? { ...logTicks(domain.min, domain.max, length, labelRoom), minor: [] }
        : linearTicks(domain.min, domain.max, length, labelRoom),
    label: axisLabel,
  }
}

/**
 * The vertical axis while a part of the x axis is looked at: what is visible fills it.
 * @param columns  the visible values
 * @param whole    the axis without zoom; its end below stays the floor of a logarithmic one
 */
export function zoomedValueAxis(whole: Axis, columns: readonly ArrayLike<number>[]): Axis {
  const { scale } = whole
  if (scale === 'log') {
    const range = positiveRange(columns)
    if (range === null || range.max <= whole.min) return whole
    return valueAxis(scale, nearestSteps({ min: Math.max(range.min, whole.min), max: range.max }))
  }
  const range = finiteRange(columns)
  if (range === null) return whole
  const step = niceStep(Math.max((range.max - range.min) / 4, Math.abs(range.max) * 1e-6, 1e-12))
  const min = Math.floor(range.min / step + 1e-9) * step
  const max = Math.ceil(range.max / step - 1e-9) * step
  return valueAxis(scale, { min, max: max > min ? max : min + step })
}

/** Iterations before this one run off the top of a linear axis: they are hundreds of times what follows. */
export const linearFrom = 10

/** How far below the smallest cost a part may fall before its curve is clipped, in decades. */
const decadesBelow = 3

/** Below this nothing is shown of a part of the cost, on a log axis. */
export function clippedBelow(costs: readonly ArrayLike<number>[], from: number): number {
  const whole = positiveRange(costs, from)
  return whole === null ? 0 : 10 ** (Math.floor(Math.log10(whole.min)) - decadesBelow)
}

/**
 * The domain of cost curves. On a log axis whole decades, down to the smallest value but at most three decades below
 * the smallest of `costs`; on a linear axis from 0.
 * @param costs       whole costs, which must be visible
 * @param parts       their parts, which may fall below the floor
 * @param iterations  of both, for the linear axis; null where x is not an iteration
 * @param snap        ends of a log domain: whole decades for a live run, nearer steps for comparison
 * @returns null before there is anything positive to show
 */
export function costDomain(
  scale: AxisScale,
  costs: readonly ArrayLike<number>[],
  parts: readonly ArrayLike<number>[],
  from: number,
  snap: 'decades' | 'steps',
): Domain | null {
  const whole = positiveRange(costs, from)
  if (whole === null) return null
  const all = union(whole, positiveRange(parts, from) ?? whole)
  if (scale === 'linear') {
    const step = niceStep(all.max / 4)
    return { min: 0, max: Math.ceil(all.max / step - 1e-9) * step }
  }
  const shown = { min: Math.max(all.min, clippedBelow(costs, from)), max: all.max }
  return snap === 'decades' ? wholeDecades(shown) : nearestSteps(shown)
}
