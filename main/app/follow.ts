/** How often another process's writes are looked for, and whether the library is where it was. */
const lookMs = 500
/** How often runs are looked for whose process is gone. */
const sweepMs = 5_000

export interface FollowOptions {
  /** Differs from the last one if another process has written. */
  changeCounter(): number
  /** Marks the runs whose process is gone; returns how many. */
  markInterrupted(): number
  changed(): void
  /** Why the library is not where it was, one sentence; null where it is. */
  absence(): string | null
  /** It has gone, another has come in its place, or (null) it is back. */
  absent(message: string | null): void
  /** The library could not be read this time; the next time may go well. */
  failed(error: unknown): void
}

/** Tells what others write to the library. @returns how to end it */
export function followLibrary({
  changeCounter,
  markInterrupted,
  changed,
  absence,
  absent,
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
  let lastAbsence: string | null = null
  const look = trying(() => {
    const message = absence()
    if (message !== lastAbsence) {
      lastAbsence = message
      absent(message)
      if (message === null) changed()
    }
    const counter = changeCounter()
    if (last !== null && counter !== last) changed()
    last = counter
  })
  const sweep = trying(() => {
    // Nothing can be marked in one that has gone.
    if (lastAbsence === null && markInterrupted() > 0) changed()
  })
  look()
  sweep()
  const timers = [setInterval(look, lookMs), setInterval(sweep, sweepMs)]
  return () => timers.forEach(clearInterval)
}
