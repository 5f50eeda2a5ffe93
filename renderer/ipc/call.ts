import { LabError } from '#shared/domain/labError.ts'
import type { Reply } from '#shared/domain/labError.ts'
import type { Calls, Channel } from '#shared/ipc/contract.ts'
import { useToasts } from '../stores/toasts.ts'

/** The value of a reply. @throws LabError with the reply's code and message. */
export function unwrap<T>(reply: Reply<T>): T {
  if (reply.ok) return reply.value
  throw new LabError(reply.error.code, reply.error.message)
}

/** Calls main over a channel. @throws LabError as main replied it. */
export async function call<C extends Channel>(
  channel: C,
  ...args: Parameters<Calls[C]>
): Promise<ReturnType<Calls[C]>> {
  return unwrap(await window.lab.invoke(channel, ...args))
}

/** Shows a thrown value as a message at the foot of the window. */
export function showError(error: unknown): void {
  useToasts().error(error instanceof Error ? error.message : String(error))
}

/** As `call`, but an error becomes a message and the value undefined. */
export async function callOrShow<C extends Channel>(
  channel: C,
  ...args: Parameters<Calls[C]>
): Promise<ReturnType<Calls[C]> | undefined> {
  try {
    return await call(channel, ...args)
  } catch (error) {
    showError(error)
    return undefined
  }
}
