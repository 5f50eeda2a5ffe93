import { toErrorReply } from '#shared/domain/labError.ts'
import type { QueuedRunEnd, RunQueue } from './runQueue.ts'

export interface RunEnds {
  /** Writes an end down, now or with a later `writeAll`. */
  write(runId: number, end: QueuedRunEnd): void
  /** What could not be written before: the disk was full, or the library busy. */
  writeAll(): void
}

/** Sees to it that a run that has ended here ends in the library too. @param onWritten  of one that had to wait */
export function createRunEnds(
  queue: Pick<RunQueue, 'complete'>,
  onWritten: (runId: number) => void,
): RunEnds {
  const unwritten = new Map<number, QueuedRunEnd>()

  function write(runId: number, end: QueuedRunEnd): void {
    try {
      queue.complete(runId, end)
      unwritten.delete(runId)
    } catch (error) {
      if (canWait(error)) unwritten.set(runId, end)
      else unwritten.delete(runId)
    }
  }

  return {
    write,
    writeAll() {
      for (const [runId, end] of unwritten) {
        write(runId, end)
        if (!unwritten.has(runId)) onWritten(runId)
      }
    },
  }
}

/** Whether the library may take tomorrow what it did not take today. */
const canWait = (error: unknown) => ['libraryBusy', 'diskFull'].includes(toErrorReply(error).code)
