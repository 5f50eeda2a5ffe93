import { setImmediate } from 'node:timers/promises'
import { LabError } from '#shared/domain/labError.ts'

/**
 * A place in long work where it can end: lets the process hear Ctrl-C, or main's word, first.
 * @param undone  what is as it was
 * @throws LabError stopped
 */
export async function stopHere(signal: AbortSignal | undefined, undone: string): Promise<void> {
  if (signal === undefined) return
  await setImmediate()
  if (signal.aborted) throw new LabError('stopped', `Stopped. ${undone}`)
}
