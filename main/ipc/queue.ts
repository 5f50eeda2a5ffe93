import { availableParallelism } from 'node:os'
import { z } from 'zod'
import type { Handle } from './handle.ts'
import { id } from './schemas.ts'
import type { Services } from './services.ts'

/** The queue of runs of this process. */
export function handleQueue(handle: Handle, { sessions }: Services): void {
  handle('queue.get', z.tuple([]), () => ({
    active: sessions.active(),
    waiting: sessions.queued(),
    parallel: sessions.parallel(),
    cores: availableParallelism(),
  }))
  handle('queue.move', z.tuple([id, z.number().int().min(0)]), (runId, place) => {
    sessions.move(runId, place)
    return null
  })
}
