import { isOutOfMemory, memoryMend } from './outOfMemory.ts'

/** What kind of thing went wrong; the command line turns it into an exit code, the window into a message. */
export const errorCodes = [
  'badUsage',
  'badInput',
  'notFound',
  'conflict',
  'shape',
  'newerLibrary',
  'libraryBusy',
  'readOnly',
  'damaged',
  'diskFull',
  'libraryGone',
  'lostRun',
  'engineUnavailable',
  'deviceLost',
  'outOfMemory',
  'diverged',
  'stopped',
  'internal',
] as const
export type ErrorCode = (typeof errorCodes)[number]

/** An error with a code; its message is one sentence for the user that names the thing and the mend. */
export class LabError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'LabError'
    this.code = code
  }
}

/** An error as it crosses a process boundary. */
export interface ErrorReply {
  code: ErrorCode
  message: string
}

/** A value, or why there is none: what crosses every process boundary. */
export type Reply<T> = { ok: true; value: T } | { ok: false; error: ErrorReply }

/** Codes for which the user, not the program, has to change something. */
const userCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'badUsage',
  'badInput',
  'notFound',
  'conflict',
  'shape',
  'newerLibrary',
  'libraryBusy',
  'readOnly',
  'damaged',
  'diskFull',
  'libraryGone',
])

export const isUserError = (code: ErrorCode): boolean => userCodes.has(code)

/** Any thrown value as a reply; what is not a LabError becomes `internal` with its own message. */
export function toErrorReply(error: unknown): ErrorReply {
  if (error instanceof LabError) return { code: error.code, message: error.message }
  const code = (error as { code?: unknown } | null)?.code
  if (code === 'ENOSPC' || code === 'SQLITE_FULL') {
    return { code: 'diskFull', message: 'The disk is full. Make space and try again; nothing was lost.' }
  }
  const message = error instanceof Error ? error.message : String(error)
  if (isOutOfMemory(message)) {
    return { code: 'outOfMemory', message: `There was not enough memory. ${memoryMend}` }
  }
  return { code: 'internal', message }
}
