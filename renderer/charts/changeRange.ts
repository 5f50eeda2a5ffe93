import type { Domain } from './domain.ts'
import type { Axis } from './lineChart.ts'

/** The narrowest part that can be shown, as a share of all. */
const smallestShare = 1e-5

/**
 * A part of an axis made narrower (factor below 1) or wider about its middle, or moved by a share of itself, as the axis
 * draws it; null for all of it.
 */
export function changeRange(
  axis: Pick<Axis, 'scale' | 'min' | 'max'>,
  range: Domain | null,
  { factor = 1, move = 0 }: { factor?: number; move?: number },
): Domain | null {
  const [to, from] = axis.scale === 'log' ? [Math.log, Math.exp] : [(x: number) => x, (x: number) => x]
  const [first, last] = [to(axis.min), to(axis.max)]
  const whole = last - first
  const low = Math.max(first, to(range?.min ?? axis.min))
  const high = Math.min(last, to(range?.max ?? axis.max))
  const width = Math.max(smallestShare * whole, (high - low) * factor)
  if (width >= whole * (1 - 1e-9)) return null
  const middle = (low + high) / 2 + move * width
  const start = Math.min(Math.max(first, middle - width / 2), last - width)
  return { min: from(start), max: from(start + width) }
}
