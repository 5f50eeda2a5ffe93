import type { LibraryPlace } from '#db/whereabouts.ts'
import type { Question, Questions } from '#main/analysis/answer.ts'
import type { FromAnalysis, ToAnalysis } from '#main/analysis/protocol.ts'
import type { Analysis } from '#main/ipc/services.ts'
import { LabError, type Reply } from '#shared/domain/labError.ts'
import type { Log } from './log.ts'
import { startUtility, type Utility } from './utility.ts'

/** The process ends when nobody has asked for so long. */
const idleMs = 60_000

export interface AnalysisOptions {
  /** Of the built analysis host. */
  path: string
  library: LibraryPlace
  log: Log
}

type Settle = (reply: Reply<unknown>) => void

/** A process that is there, and the questions that it has not answered yet. */
interface Host {
  utility: Utility
  waiting: Map<number, Settle>
}

/**
 * Asks a utility process, which is started by the first question. Should it crash, what was asked fails with why, and
 * the next question starts another.
 */
export function createAnalysis(options: AnalysisOptions): Analysis & { close(): void } {
  let host: Host | null = null
  let idle: ReturnType<typeof setTimeout> | undefined
  let count = 0

  function close(): void {
    clearTimeout(idle)
    host?.utility.end()
    host = null
  }

  function start(): Host {
    const utility = startUtility('The analysis', options.path, options.log)
    const started: Host = { utility, waiting: new Map() }
    utility.child.on('message', ({ id, reply }: FromAnalysis) => {
      started.waiting.get(id)?.(reply)
      started.waiting.delete(id)
      if (started.waiting.size === 0 && host === started) idle = setTimeout(close, idleMs)
    })
    void utility.ended.then(({ reason }) => {
      if (host === started) host = null
      const message = reason || 'The analysis was ended.'
      for (const settle of started.waiting.values())
        settle({ ok: false, error: { code: 'internal', message } })
    })
    post(started, { type: 'open', library: options.library })
    return started
  }

  return {
    async ask<Q extends Question>(
      question: Q,
      ...args: Parameters<Questions[Q]>
    ): Promise<Awaited<ReturnType<Questions[Q]>>> {
      clearTimeout(idle)
      const current = (host ??= start())
      const id = ++count
      const reply = await new Promise<Reply<unknown>>((resolve) => {
        current.waiting.set(id, resolve)
        post(current, { type: 'ask', id, question, args })
      })
      if (!reply.ok) throw new LabError(reply.error.code, reply.error.message)
      return reply.value as Awaited<ReturnType<Questions[Q]>>
    },
    close,
  }
}

const post = ({ utility }: Host, message: ToAnalysis): void => utility.child.postMessage(message)
