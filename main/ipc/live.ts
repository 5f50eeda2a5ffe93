import { z } from 'zod'
import type { Handle } from './handle.ts'
import { id } from './schemas.ts'
import type { Services } from './services.ts'

/** Ports straight from a session to the window; nothing of what goes over them passes through main. */
export function handleLive(handle: Handle, { sessions, window }: Services): void {
  handle('live.watch', z.tuple([id]), (runId) => {
    if (!sessions.active().includes(runId)) return false
    return sessions.watch(runId, window.openLivePort(runId))
  })
  // A window that looks elsewhere closes its end of the port, and the session then lets go of the other.
}
