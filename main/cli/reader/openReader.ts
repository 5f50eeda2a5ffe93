import { Worker } from 'node:worker_threads'
import { turnTelemetryOff } from '#main/engine/onnx/runtime.ts'
import type { ImportProgress } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'
import { isOutOfMemory, memoryMend } from '#shared/domain/outOfMemory.ts'
import { buffersOf, type FromReader, type ReaderJob, type ReaderJobs, type ToReader } from './readerJobs.ts'

export interface ReaderOptions {
  /** Ends what is read at once, whatever it is in the middle of. */
  signal: AbortSignal
  onProgress?: (progress: ImportProgress) => void
  /** The thread has everything that it needs and starts on the file. */
  onBegun?: () => void
}

export interface Reader {
  /**
   * One job at a time; arrays that it is given are handed over. @throws LabError as the job's own function; stopped once the signal is aborted; outOfMemory
   */
  run<J extends ReaderJob>(
    job: J,
    ...args: Parameters<ReaderJobs[J]>
  ): Promise<Awaited<ReturnType<ReaderJobs[J]>>>
  close(): void
}

/**
 * Reads files of others, or computes, in a thread: what computes for long hears no signal, and neither would the process.
 */
export function openReader({ signal, onProgress, onBegun }: ReaderOptions): Reader {
  turnTelemetryOff()
  const worker = new Worker(new URL('./readerThread.ts', import.meta.url))
  return {
    run(job, ...args) {
      return new Promise((resolve, reject) => {
        const stop = () => {
          // Native code ends in its own time; nobody waits for it.
          void worker.terminate()
          reject(new LabError('stopped', 'Stopped. The library is as it was.'))
        }
        if (signal.aborted) return stop()
        signal.addEventListener('abort', stop, { once: true })
        const fail = (error: Error & { code?: string }) => reject(asLabError(error))
        const hear = (message: FromReader) => {
          if (message.type === 'begun') return onBegun?.()
          if (message.type === 'progress') return onProgress?.(message.progress)
          signal.removeEventListener('abort', stop)
          worker.off('error', fail).off('message', hear)
          const { reply } = message
          if (reply.ok) resolve(reply.value as never)
          else reject(new LabError(reply.error.code, reply.error.message))
        }
        worker.on('error', fail).on('message', hear)
        worker.postMessage({ job, args } satisfies ToReader, [...buffersOf(args)])
      })
    },
    close: () => void worker.terminate(),
  }
}

/** Does one thing with a reader. */
export async function withReader<T>(options: ReaderOptions, use: (reader: Reader) => Promise<T>): Promise<T> {
  const reader = openReader(options)
  try {
    return await use(reader)
  } finally {
    reader.close()
  }
}

/** A job's function that is carried out in a thread, which is closed afterwards. @throws LabError as that; stopped */
export const inReader =
  <J extends ReaderJob>(job: J, signal: AbortSignal) =>
  (...args: Parameters<ReaderJobs[J]>) =>
    withReader({ signal }, (reader) => reader.run(job, ...args))

function asLabError(error: Error & { code?: string }): Error {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY' || isOutOfMemory(error.message)) {
    return new LabError('outOfMemory', `There was not enough memory to read it. ${memoryMend}`)
  }
  return error
}
