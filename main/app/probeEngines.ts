import type { EngineStatus } from '#shared/domain/engineStatus.ts'
import { LabError, type Reply } from '#shared/domain/labError.ts'
import type { Log } from './log.ts'
import { startUtility } from './utility.ts'

/**
 * What this machine can compute with, found out once, in a process that ends afterwards.
 * @param path of the built probe host, which posts one Reply
 */
export function createEngineProbe(path: string, log: Log): () => Promise<EngineStatus[]> {
  let known: Promise<EngineStatus[]> | null = null
  return () => {
    known ??= probe(path, log).catch((error: unknown) => {
      known = null
      throw error
    })
    return known
  }
}

async function probe(path: string, log: Log): Promise<EngineStatus[]> {
  const { child, ended, end } = startUtility('The look at the engines', path, log)
  const reply = await Promise.race([
    new Promise<Reply<EngineStatus[]>>((resolve) => child.once('message', resolve)),
    ended.then(({ reason }): Reply<never> => ({
      ok: false,
      error: { code: 'engineUnavailable', message: reason },
    })),
  ])
  end()
  if (!reply.ok) throw new LabError(reply.error.code, reply.error.message)
  return reply.value
}
