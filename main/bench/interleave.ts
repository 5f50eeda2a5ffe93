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

/** Work that takes longer than this is timed only a few times, or not again after the warm-up. */
const slowMs = 1_000
const slowRounds = 3
const verySlowMs = 10_000

/**
 * Times all in turn, round after round, so that a slow moment of the machine hits everybody; the order turns round
 * every other time. One round first warms up: it counts only for those who are too slow for another.
 */
export async function interleave(contenders: readonly Contender[], rounds: number): Promise<Timing[]> {
  const times: number[][] = []
  const planned: number[] = []
  for (const contender of contenders) {
    const warmUpMs = await contender.time()
    planned.push(warmUpMs > verySlowMs ? 0 : warmUpMs > slowMs ? Math.min(slowRounds, rounds) : rounds)
    times.push(planned.at(-1) === 0 ? [warmUpMs] : [])
  }
  for (let round = 0; round < rounds; round++) {
    const order = contenders.map((_, index) => index).filter((index) => round < planned[index])
    if (round % 2 !== 0) order.reverse()
    for (const index of order) times[index].push(await contenders[index].time())
  }
  return contenders.map(({ name }, index) => ({
    name,
    medianMs: median(times[index]),
    minMs: Math.min(...times[index]),
    maxMs: Math.max(...times[index]),
    rounds: times[index].length,
  }))
}

/** @returns milliseconds that the work took */
export async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
