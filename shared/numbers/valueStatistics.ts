import type { Histogram, ValueStatistics } from '#shared/domain/dataset.ts'

const bins = 64

/**
 * Mean, population standard deviation and a histogram of 64 bins, accumulated in float64.
 * @param range ends of the histogram; the smallest and largest value where left out. Values outside count in the
 * outermost bins.
 */
export function valueStatistics(values: Float32Array, range?: readonly [number, number]): ValueStatistics {
  const mean = sum(values, (value) => value) / values.length
  const variance = sum(values, (value) => (value - mean) ** 2) / values.length
  return { mean, deviation: Math.sqrt(variance), histogram: histogramOf(values, range ?? extent(values)) }
}

function sum(values: Float32Array, of: (value: number) => number): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += of(values[i])
  return total
}

function extent(values: Float32Array): readonly [number, number] {
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < values.length; i++) {
    if (values[i] < min) min = values[i]
    if (values[i] > max) max = values[i]
  }
  return [min, max]
}

function histogramOf(values: Float32Array, [min, max]: readonly [number, number]): Histogram {
  const counts = Array.from({ length: bins }, () => 0)
  const scale = max > min ? bins / (max - min) : 0
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i] - min) * scale)
    counts[Math.max(0, Math.min(bins - 1, bin))] += 1
  }
  return { min, max, counts }
}
