import type { z } from 'zod'
import { toErrorReply, type ErrorReply, type Reply } from '#shared/domain/labError.ts'
import type { dropChannel } from '#shared/ipc/channels.ts'
import type { Calls, Source } from '#shared/ipc/contract.ts'

/** The contract, and the one call that preload makes by itself. */
export interface HandledCalls extends Calls {
  [dropChannel]: (path: string) => Source
}
type Arguments<C extends keyof HandledCalls> = Parameters<HandledCalls[C]>
type Value<C extends keyof HandledCalls> = ReturnType<HandledCalls[C]>

/** As much of Electron's `ipcMain` as is used; `Event` is what the sender check understands. */
export interface CallReceiver<Event> {
  handle(channel: string, listener: (event: Event, ...args: unknown[]) => Promise<Reply<unknown>>): void
}

export interface HandleOptions<Event> {
  receiver: CallReceiver<Event>
  isTrusted(event: Event): boolean
  log: { warn(message: string): void; error(message: string, error: unknown): void }
  /** Told of every error of an answer, which the window is told as well. */
  onError?(error: ErrorReply): void
}

/** Serves a channel: `schema` parses the arguments of every call before `answer` sees them. */
export type Handle = <C extends keyof HandledCalls>(
  channel: C,
  schema: z.ZodType<Arguments<C>>,
  answer: (...args: Arguments<C>) => Value<C> | Promise<Value<C>>,
) => void

/**
 * Every call passes here: sender checked, arguments parsed, errors turned into a Reply.
 * Nothing that the window sends can make the returned promise reject.
 */
export function createHandle<Event>({ receiver, isTrusted, log, onError }: HandleOptions<Event>): Handle {
  return (channel, schema, answer) => {
    receiver.handle(channel, async (event, ...args) => {
      if (!isTrusted(event)) {
        log.warn(`refused ${channel} from a stranger`)
        return refusal({ code: 'badUsage', message: 'Only the lab’s own window may call the lab.' })
      }
      const parsed = schema.safeParse(args)
      if (!parsed.success) return refusal({ code: 'badInput', message: describeIssue(channel, parsed.error) })
      try {
        return { ok: true, value: await answer(...parsed.data) }
      } catch (error) {
        const reply = toErrorReply(error)
        if (reply.code === 'internal') log.error(`${channel} failed`, error)
        onError?.(reply)
        return refusal(reply)
      }
    })
  }
}

const refusal = (error: ErrorReply): Reply<never> => ({ ok: false, error })

/** Our own messages name the field; of those that zod makes up, say which argument they are about. */
function describeIssue(channel: string, error: z.ZodError): string {
  const [issue] = error.issues
  const place = issue.path.map(String).join('.')
  return issue.message.startsWith('Invalid') || issue.message.startsWith('Unrecognized')
    ? `${channel}${place && `, argument ${place}`}: ${issue.message}.`
    : issue.message
}
