import { LabError } from '#shared/domain/labError.ts'

/** @throws LabError stopped once the signal is aborted */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LabError('stopped', 'The import was cancelled. The library is as it was.')
}
