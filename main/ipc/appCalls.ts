import { z } from 'zod'
import type { Handle } from './handle.ts'
import type { Services } from './services.ts'

/** About the app itself: which library it has open, what to put into a report, whose work is in it. */
export function handleAppCalls(handle: Handle, { libraries, about }: Services): void {
  handle('libraries.recent', z.tuple([]), libraries.recent)
  handle('libraries.choose', z.tuple([]), libraries.choose)
  handle('libraries.open', z.tuple([z.string().min(1).max(64)]), libraries.open)
  handle('engines.forget', z.tuple([]), async () => {
    await about.forgetMeasurements()
    return null
  })
  handle('diagnostics.copy', z.tuple([]), async () => {
    await about.copyDiagnostics()
    return null
  })
  handle('licences.list', z.tuple([]), about.licences)
}
