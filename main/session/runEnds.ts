import { toErrorReply } from '#shared/domain/labError.ts'
import type { RunStore, StoredRunEnd } from './runStore.ts'

export interface RunEnds {
  /** Writes an end down, now or with a later `writeAll`. */
  write(runId: number, store: RunStore, end: StoredRunEnd): void
  /** What could not be written before: the disk was full, or the library busy or gone. */
  writeAll(): void
}

/** Sees to it that a run that has ended here ends in the library too. @param onWritten  of one that had to wait */
export function createRunEnds(onWritten: (runId: number) => void): RunEnds {
  const unwritten = new Map<number, { store: RunStore; end: StoredRunEnd }>()

  function write(runId: number, store: RunStore, end: StoredRunEnd): void {
    try {
      store.end(end)
      unwritten.delete(runId)
    } catch (error) {
      if (canWait(error)) unwritten.set(runId, { store, end })
      else unwritten.delete(runId)
    }
  }

  return {
    write,
    writeAll() {
      for (const [runId, { store, end }] of unwritten) {
        write(runId, store, end)
        if (!unwritten.has(runId)) onWritten(runId)
      }
    },
  }
}

/** Whether the library may take tomorrow what it did not take today. */
export const canWait = (error: unknown): boolean =>
  ['libraryBusy', 'diskFull', 'libraryGone'].includes(toErrorReply(error).code)
