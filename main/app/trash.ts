import type { Trash } from '#main/ipc/services.ts'
import { undoMs } from '#shared/domain/removal.ts'

// A click in the last moment still comes in time.
const keptMs = undoMs + 2_000

export interface TrashOptions {
  /** Takes runs out of all lists. @throws LabError */
  put(runIds: readonly number[], now: Date): void
  /** Takes them back in. @throws LabError */
  restore(runIds: readonly number[]): void
  /** Removes for good what was put in before a time. @returns how many runs */
  empty(before: Date): number
  /** Something was removed for good. */
  emptied(): void
  /** It could not be emptied this time; it is tried again. */
  failed(error: unknown): void
}

export interface ClosableTrash extends Trash {
  /** Removes for good all that can still be had back. */
  close(): void
}

/**
 * Deletes in two steps, so that a deletion can be taken back. What a crash left half deleted is deleted after the next
 * start.
 */
export function createTrash({ put, restore, empty, emptied, failed }: TrashOptions): ClosableTrash {
  const tryToEmpty = (before: Date) => {
    try {
      if (empty(before) > 0) emptied()
    } catch (error) {
      failed(error)
    }
  }
  const timer = setInterval(() => tryToEmpty(new Date(Date.now() - keptMs)), keptMs / 2)
  timer.unref?.()
  return {
    remove: (runIds) => put(runIds, new Date()),
    restore,
    close() {
      clearInterval(timer)
      tryToEmpty(new Date(Date.now() + keptMs))
    },
  }
}
