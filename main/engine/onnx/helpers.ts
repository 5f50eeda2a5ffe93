import { Worker } from 'node:worker_threads'
import { end } from './meeting.ts'
import type { ShareThreadData } from './shareThread.ts'

/** All threads of a meeting but the one that started them. */
export interface Helpers {
  /** Why they do not go on. */
  failure(): Promise<Error>
  leave(): Promise<void>
}

const present = new Set<Helpers>()
let dismissed = false

/**
 * Sends all helpers of this thread home, for good, and waits for them: a thread that ends while another one that it has
 * started is inside ONNX Runtime takes the whole process along. Gradients under way fail.
 */
export async function dismissHelpers(): Promise<void> {
  dismissed = true
  await Promise.all([...present].map((helpers) => helpers.leave()))
}

/** @returns when they are ready to compute */
export async function startHelpers(data: Omit<ShareThreadData, 'thread'>): Promise<Helpers> {
  if (dismissed) throw new Error('This thread is about to end.')
  const { meeting } = data
  const workers = Array.from({ length: meeting.threads - 1 }, (_, k) => {
    const workerData: ShareThreadData = { ...data, thread: k + 1 }
    return new Worker(new URL('./shareThread.ts', import.meta.url), { workerData })
  })
  const failed = new Promise<Error>((resolve) => {
    for (const worker of workers) {
      worker.on('error', (error) => {
        resolve(error instanceof Error ? error : new Error(String(error)))
        end(meeting)
      })
    }
  })
  const left = Promise.all(workers.map((worker) => once(worker, 'exit')))
  let hasLeft = false
  const helpers: Helpers = {
    failure: async () => (hasLeft ? new Error('The engine was given up while it computed.') : failed),
    async leave() {
      hasLeft = true
      for (const worker of workers) worker.ref()
      end(meeting)
      await left
      present.delete(helpers)
    },
  }
  present.add(helpers)
  const ready = Promise.all(workers.map((worker) => once(worker, 'message'))).then(() => null)
  const error = await Promise.race([ready, failed])
  if (error) {
    await helpers.leave()
    throw error
  }
  // An engine that nobody disposes of does not keep the process.
  for (const worker of workers) worker.unref()
  return helpers
}

/** `once` of node:events would take an error for an answer. */
const once = (worker: Worker, event: 'exit' | 'message') =>
  new Promise<void>((resolve) => worker.once(event, () => resolve()))
