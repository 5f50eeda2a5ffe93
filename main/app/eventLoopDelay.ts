import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Log } from './log.ts'

/** Logs, for every stretch in which sessions run, the longest that main did not answer. */
export function createEventLoopWatch(log: Log): { update(activeSessions: number): void } {
  const histogram = monitorEventLoopDelay({ resolution: 10 })
  let watching = false
  return {
    update(activeSessions) {
      if (activeSessions > 0 === watching) return
      watching = !watching
      if (watching) {
        histogram.reset()
        histogram.enable()
      } else {
        histogram.disable()
        log.debug(`longest block of main's event loop while training: ${(histogram.max / 1e6).toFixed(1)} ms`)
      }
    },
  }
}
