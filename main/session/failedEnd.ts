import { toErrorReply } from '#shared/domain/labError.ts'
import type { FromSession } from './protocol.ts'

/** What a session says of an error that it cannot go on from. */
export function failedEnd(error: unknown): Extract<FromSession, { type: 'ended' }> {
  const reply = toErrorReply(error)
  const outcome = reply.code === 'outOfMemory' ? 'outOfMemory' : null
  return { type: 'ended', status: 'failed', outcome, error: reply }
}
