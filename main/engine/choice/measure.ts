import type { TimedWork } from './timeWork.ts'

/** Rounds that are counted, and how long they may take together, milliseconds a way. */
const mostRounds = 15
const enoughMs = 40
/** Fewer rounds than this only where they take that long. */
const leastRounds = 3
const longMs = 400
/** Half of the rounds of undisturbed work take no longer than this times the shortest. */
const steadyFactor = 1.5

export interface Measured {
  /** Shortest time of each way, milliseconds: what other programs did meanwhile only lengthens some. */
  times: number[]
  /** Whether the fastest way took nearly the same time again and again: nothing disturbed it. */
  steady: boolean
}

/** Times several ways to do the same work, in turn, for a moment. */
export async function measureWays(ways: readonly TimedWork[]): Promise<Measured> {
  const rounds = ways.map((): number[] => [])
  let spentMs = 0
  // The first round warms up.
  for (let round = 0; round <= mostRounds; round++) {
    const startedAt = performance.now()
    for (const [k, way] of ways.entries()) {
      const elapsedMs = await way.time()
      if (round > 0) rounds[k].push(elapsedMs)
    }
    if (round > 0) spentMs += performance.now() - startedAt
    if (spentMs >= (round >= leastRounds ? enoughMs : longMs) * ways.length) break
  }
  const times = rounds.map((taken) => Math.min(...taken))
  const fastest = rounds[times.indexOf(Math.min(...times))].toSorted((a, b) => a - b)
  return { times, steady: fastest[fastest.length >> 1] <= steadyFactor * fastest[0] }
}

/** Shortest time of each way, milliseconds. */
export const measure = async (ways: readonly TimedWork[]): Promise<number[]> =>
  (await measureWays(ways)).times
