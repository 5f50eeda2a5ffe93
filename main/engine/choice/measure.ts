import type { TimedWork } from './timeWork.ts'

/** Rounds that are counted, and how long they may take together, milliseconds a way. */
const mostRounds = 15
const enoughMs = 40
/** Fewer rounds than this only where they take that long. */
const leastRounds = 3
const longMs = 400

/**
 * Times several ways to do the same work, in turn, for a moment.
 * @returns the shortest time of each, milliseconds: what other programs did meanwhile only lengthens some
 */
export async function measure(ways: readonly TimedWork[]): Promise<number[]> {
  const best = ways.map(() => Infinity)
  let spentMs = 0
  // The first round warms up.
  for (let round = 0; round <= mostRounds; round++) {
    const startedAt = performance.now()
    for (const [k, way] of ways.entries()) {
      const elapsedMs = await way.time()
      if (round > 0) best[k] = Math.min(best[k], elapsedMs)
    }
    if (round > 0) spentMs += performance.now() - startedAt
    if (spentMs >= (round >= leastRounds ? enoughMs : longMs) * ways.length) break
  }
  return best
}
