import { parentPort } from 'node:worker_threads'
import { toErrorReply } from '#shared/domain/labError.ts'
import type { FromReader, ReaderJob, ReaderJobs, ToReader } from './readerJobs.ts'

// The thread in which the command line reads what others wrote: whatever that takes, Ctrl-C is heard beside it.

const jobs: { [J in ReaderJob]: () => Promise<(...args: Parameters<ReaderJobs[J]>) => unknown> } = {
  holdsWeights: async () => (await import('#main/dataset/array/holdsWeights.ts')).holdsWeights,
  arrayUse: async () => (await import('#main/dataset/array/arrayUse.ts')).arrayUse,
  makeDraft: async () => {
    const { makeDraft } = await import('#main/dataset/runDatasetJob.ts')
    return (job) => makeDraft(job, { onProgress: (progress) => post({ type: 'progress', progress }) })
  },
  readWeights: async () => (await import('#main/export/importWeights.ts')).readWeights,
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

/** What of an answer can be handed over instead of copied: memory that one array has for itself. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) found.add(buffer)
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found)
  }
  return found
}
