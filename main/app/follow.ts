/** How often another process's writes are looked for. */
const lookMs = 500
/** How often runs are looked for whose process is gone. */
const sweepMs = 5_000

export interface FollowOptions {
  /** Differs from the last one if another process has written. */
  changeCounter(): number
  /** Marks the runs whose process is gone; returns how many. */
  markInterrupted(): number
  changed(): void
  /** The library could not be read this time; the next time may go well. */
  failed(error: unknown): void
}

/** Tells what others write to the library. @returns how to end it */
export function followLibrary({
  changeCounter,
  markInterrupted,
  changed,
  failed,
}: FollowOptions): () => void {
  const trying = (work: () => void) => () => {
    try {
      work()
    } catch (error) {
      failed(error)
    }
  }
  let last: number | null = null
  const look = trying(() => {
    const counter = changeCounter()
    if (last !== null && counter !== last) changed()
    last = counter
  })
  const sweep = trying(() => {
    if (markInterrupted() > 0) changed()
  })
  look()
  sweep()
  const timers = [setInterval(look, lookMs), setInterval(sweep, sweepMs)]
  return () => timers.forEach(clearInterval)
}
