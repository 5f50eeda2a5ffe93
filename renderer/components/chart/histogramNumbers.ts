import type { Histogram } from '#shared/domain/dataset.ts'
import type { NamedColumns } from '../../format/csv.ts'

/** A row a bar: where it begins and ends, and how many lie there. @param counted  what */
export function histogramNumbers({ min, max, counts }: Histogram, counted: string): NamedColumns {
  const edge = (bin: number): number => min + (bin * (max - min)) / counts.length
  return {
    head: ['from', 'to', counted],
    columns: [counts.map((_, bin) => edge(bin)), counts.map((_, bin) => edge(bin + 1)), counts],
  }
}
