/**
 * Runs `refresh` soon after it is asked for, never twice at once, and leaves at least `leastMs` between two runs
 * (four times as long as the last one took, if that is more), so that a large list under live runs stays cheap.
 * @param refresh shows its own errors: it never rejects
 */
export function createRefresher(refresh: () => Promise<void>, leastMs = 500): () => void {
  let isWaiting = false
  let isRunning = false
  let isStale = false
  let earliest = 0

  async function run(): Promise<void> {
    isWaiting = false
    isRunning = true
    isStale = false
    const startedAt = performance.now()
    try {
      await refresh()
    } finally {
      isRunning = false
      const now = performance.now()
      earliest = now + Math.max(leastMs, 4 * (now - startedAt))
      if (isStale) ask()
    }
  }

  function ask(): void {
    isStale = true
    if (isWaiting || isRunning) return
    isWaiting = true
    setTimeout(() => void run(), Math.max(0, earliest - performance.now()))
  }

  return ask
}
