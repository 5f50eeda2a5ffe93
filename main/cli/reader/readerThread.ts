import { parentPort } from 'node:worker_threads'
import { toErrorReply } from '#shared/domain/labError.ts'
import { buffersOf, type FromReader, type ReaderJob, type ReaderJobs, type ToReader } from './readerJobs.ts'

// The thread in which the command line reads what others wrote and evaluates weights: whatever that takes, Ctrl-C is heard
// beside it.

const jobs: { [J in ReaderJob]: () => Promise<(...args: Parameters<ReaderJobs[J]>) => unknown> } = {
  holdsWeights: async () => (await import('#main/dataset/array/holdsWeights.ts')).holdsWeights,
  arrayUse: async () => (await import('#main/dataset/array/openArrays.ts')).arrayUse,
  makeDraft: async () => {
    const { makeDraft } = await import('#main/dataset/runDatasetJob.ts')
    return (job) => makeDraft(job, { onProgress: (progress) => post({ type: 'progress', progress }) })
  },
  readWeights: async () => (await import('#main/export/importWeights.ts')).readWeights,
  evaluateAt: async () => (await import('#main/engine/evaluateAt.ts')).evaluateAt,
  checkEngineGradient: async () => (await import('#main/engine/checkEngineGradient.ts')).checkEngineGradient,
}

const post = (message: FromReader, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer)

parentPort?.on('message', ({ job, args }: ToReader) => void carryOut(job, args))

async function carryOut(job: ReaderJob, args: unknown[]): Promise<void> {
  try {
    const work = (await jobs[job]()) as (...args: unknown[]) => unknown
    post({ type: 'begun' })
    const value = await work(...args)
    post({ type: 'reply', reply: { ok: true, value } }, [...buffersOf(value)])
  } catch (error) {
    post({ type: 'reply', reply: { ok: false, error: toErrorReply(error) } })
  }
}
