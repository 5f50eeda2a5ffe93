import { Worker } from 'node:worker_threads'
import { turnTelemetryOff } from '#main/engine/onnx/runtime.ts'
import { isOutOfMemory, memoryMend } from '#shared/domain/outOfMemory.ts'
import { leave, type FromSession, type ToSession } from './protocol.ts'
import type { SessionExit } from './sessionExit.ts'
import type { SessionHost } from './sessionHost.ts'

/** What a calculation may take before its thread is ended in the middle of it. */
const graceMs = 10_000

/** A session in a worker thread of this process: the command line's way. Nobody watches there. */
export function launchWorkerSession(): SessionHost<never> {
  turnTelemetryOff()
  const worker = new Worker(new URL('./hosts/workerHost.ts', import.meta.url))
  let failure: SessionExit = { kind: 'killed', reason: 'The session was ended before its run. Resume it.' }
  let hasExited = false
  worker.on('exit', () => (hasExited = true))
  worker.on('error', (error: Error & { code?: string }) => (failure = describeFailure(error)))
  return {
    post: (message: ToSession) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', (message: FromSession) => listener(message)),
    onExit: (listener) =>
      worker.on('exit', (code) => listener(code === 0 ? { kind: 'ended', reason: noEnd } : failure)),
    watch() {},
    kill() {
      if (hasExited) return
      worker.postMessage(leave)
      const timer = setTimeout(() => void worker.terminate(), graceMs)
      worker.on('exit', () => clearTimeout(timer))
    },
  }
}

const noEnd = 'The session left before its run had ended. Resume it.'

function describeFailure(error: Error & { code?: string }): SessionExit {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY' || isOutOfMemory(error.message)) {
    return { kind: 'outOfMemory', reason: `The session ran out of memory. ${memoryMend}` }
  }
  return { kind: 'crashed', reason: `The session crashed: ${error.message}. Resume it.` }
}
