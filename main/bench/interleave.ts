/** Somebody whose work is timed. */
export interface Contender {
  name: string
  /** Does the work once. @returns milliseconds */
  time(): Promise<number>
}

export interface Timing {
  name: string
  /** Median, smallest and largest, milliseconds. */
  medianMs: number
  minMs: number
  maxMs: number
  rounds: number
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * Times all in turn, round after round, so that a slow moment of the machine hits everybody; the order turns round
 * every other time. One uncounted round warms up.
 */
export async function interleave(contenders: readonly Contender[], rounds: number): Promise<Timing[]> {
  const times = contenders.map((): number[] => [])
  for (let round = -1; round < rounds; round++) {
    const order = contenders.map((_, index) => index)
    if (round % 2 !== 0) order.reverse()
    for (const index of order) {
      const elapsedMs = await contenders[index].time()
      if (round >= 0) times[index].push(elapsedMs)
    }
  }
  return contenders.map(({ name }, index) => ({
    name,
    medianMs: median(times[index]),
    minMs: Math.min(...times[index]),
    maxMs: Math.max(...times[index]),
    rounds,
  }))
}

/** @returns milliseconds that the work took */
export async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
