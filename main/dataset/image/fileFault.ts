import { LabError } from '#shared/domain/labError.ts'

/** Why a file is left out, in one sentence; null for what is no fault of the file. */
export function fileFault(error: unknown): string | null {
  if (error instanceof LabError && error.code === 'badInput') return error.message
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (code === 'EACCES' || code === 'EPERM') return 'The file cannot be opened. Check its permissions.'
  if (code === 'ENOENT') return 'The file was removed while it was imported.'
  if (code === 'EIO') return 'The disk cannot read the file. Copy it again.'
  return null
}
