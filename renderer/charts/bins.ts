import { niceStep } from './ticks.ts'

export interface Bins {
  /** Lower edge of the first bin and width of each. */
  min: number
  width: number
  counts: number[]
}

const largestCount = 40

/**
 * Equal bins with round edges around the target and every finite value; a value on an edge counts above it.
 * @param wanted  about how many bins
 */
export function binValues(values: ArrayLike<number>, target: number | null, wanted = 24): Bins {
  let min = target ?? Infinity
  let max = target ?? -Infinity
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue
    min = Math.min(min, values[i])
    max = Math.max(max, values[i])
  }
  if (!(min <= max)) return { min: 0, width: 1, counts: [0] }
  // Units that agree within a hundredth stay close together: they are not noise to be spread over the chart.
  const span = Math.max(max - min, Math.abs(max) * 0.01, 1e-9)
  const width = niceStep(span / wanted)
  const first = Math.floor(min / width + 1e-6) - 1
  const count = Math.min(largestCount, Math.floor(max / width + 1e-6) - first + 2)
  const counts = Array.from({ length: count }, () => 0)
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) counts[binOf({ min: first * width, width, counts }, values[i])]++
  }
  return { min: Number((first * width).toPrecision(12)), width, counts }
}

/** Which bin a value falls in. */
export function binOf({ min, width, counts }: Bins, value: number): number {
  return Math.min(counts.length - 1, Math.max(0, Math.floor((value - min) / width + 1e-6)))
}
