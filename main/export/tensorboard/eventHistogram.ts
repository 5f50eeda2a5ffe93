import type { EventHistogram } from './eventFile.ts'

const mostBins = 30

/**
 * Equal-width bins from the smallest to the largest value; null where there is none that is finite.
 * @param values of any number; what is not finite is left out
 */
export function eventHistogram(values: Float32Array): EventHistogram | null {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return null
  const min = finite.reduce((least, value) => Math.min(least, value))
  const max = finite.reduce((most, value) => Math.max(most, value))
  const bins = max > min ? mostBins : 1
  const width = (max - min) / bins
  const counts = Array.from({ length: bins }, () => 0)
  for (const value of finite) counts[Math.min(bins - 1, Math.floor((value - min) / width) || 0)]++
  return {
    min,
    max,
    count: finite.length,
    sum: finite.reduce((sum, value) => sum + value, 0),
    sumOfSquares: finite.reduce((sum, value) => sum + value * value, 0),
    ends: counts.map((_, bin) => (bin === bins - 1 ? max : min + (bin + 1) * width)),
    counts,
  }
}
