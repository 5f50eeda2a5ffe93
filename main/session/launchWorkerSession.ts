import { Worker } from 'node:worker_threads'
import type { FromSession, ToSession } from './protocol.ts'
import type { SessionHost } from './sessions.ts'

/** A session in a worker thread of this process: the command line's way. Nobody watches there. */
export function launchWorkerSession(): SessionHost<never> {
  const worker = new Worker(new URL('./hosts/workerHost.ts', import.meta.url))
  let failure = 'The session ended unexpectedly.'
  worker.on('error', (error: Error) => (failure = `The session crashed: ${error.message}`))
  return {
    post: (message: ToSession) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', (message: FromSession) => listener(message)),
    onExit: (listener) => worker.on('exit', (code) => listener({ clean: code === 0, reason: failure })),
    watch() {},
    kill: () => void worker.terminate(),
  }
}
