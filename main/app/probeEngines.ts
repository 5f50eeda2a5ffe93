import type { EngineStatus } from '#shared/domain/engineStatus.ts'
import { LabError, type Reply } from '#shared/domain/labError.ts'
import type { Log } from './log.ts'
import type { Gpu } from './probeGpu.ts'
import { startUtility } from './utility.ts'

/**
 * What this machine can compute with, found out once, in processes that end afterwards.
 * @param path of the built probe host, which is told of the GPU and posts one Reply
 */
export function createEngineProbe(path: string, gpu: Gpu, log: Log): () => Promise<EngineStatus[]> {
  let known: Promise<EngineStatus[]> | null = null
  return () => {
    known ??= probe(path, gpu, log).catch((error: unknown) => {
      known = null
      throw error
    })
    return known
  }
}

async function probe(path: string, gpu: Gpu, log: Log): Promise<EngineStatus[]> {
  const onGpu = await gpu.probe()
  const { child, ended, end } = startUtility('The look at the engines', path, log)
  child.postMessage(onGpu)
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
