import { createStream, type Seed } from '#shared/random/stream.ts'
import { LabError } from '#shared/domain/labError.ts'
import { maximumValues } from '../draftDataset.ts'

/** Of a table or matrix too large for memory, so many rows are drawn, or as many as take a quarter of what may be held. */
const usualRows = 1_000_000
const usualValues = maximumValues / 4

export interface RowSampling {
  /** How many rows are to be drawn; undefined for all, where they can be held. */
  rows?: number | undefined
  seed: Seed
}

/**
 * How many of m rows of n values are taken; null for all of them.
 * @throws LabError badInput where those that are asked for need too much memory
 */
export function rowsToTake(m: number, n: number, { rows }: Pick<RowSampling, 'rows'>): number | null {
  const most = Math.floor(maximumValues / n)
  if (rows === undefined)
    return m <= most ? null : Math.max(1, Math.min(usualRows, Math.floor(usualValues / n)))
  const wanted = Math.min(rows, m)
  if (wanted > most) {
    const gigabytes = ((wanted * n * 4) / 2 ** 30).toFixed(1)
    throw new LabError(
      'badInput',
      `${wanted} patches of ${n} values need ${gigabytes} GiB. Take at most ${most} with --patches.`,
    )
  }
  return wanted === m ? null : wanted
}

/** Which of m rows are drawn, each once, in their order (Floyd's sampling). */
export function drawRows(m: number, count: number, seed: Seed): Uint32Array {
  const random = createStream(seed, 'sampling')
  const drawn = new Set<number>()
  for (let bound = m - count; bound < m; bound++) {
    const row = random.integer(bound + 1)
    drawn.add(drawn.has(row) ? bound : row)
  }
  return Uint32Array.from(drawn).toSorted()
}

/** What is said of a sample. */
export function sampleRemark(m: number, n: number, count: number, seed: number, wasAsked: boolean): string {
  const size = wasAsked ? '' : `, ${((m * n * 4) / 2 ** 30).toFixed(1)} GiB, more than can be held`
  const mend = wasAsked ? '' : ' Choose how many with --patches N.'
  return `It holds ${m} rows of ${n} values${size}: ${count} of them were drawn with seed ${seed}.${mend}`
}
