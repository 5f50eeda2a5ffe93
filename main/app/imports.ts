import type { LibraryPlace } from '#db/whereabouts.ts'
import type { FromImporter, ToImporter } from '#main/dataset/importProtocol.ts'
import type { Imports } from '#main/ipc/services.ts'
import type { ImportProgress } from '#shared/domain/dataset.ts'
import { LabError, type Reply } from '#shared/domain/labError.ts'
import type { Log } from './log.ts'
import { startUtility } from './utility.ts'

/** An import that does not end by itself once it should (a large image, a slow disk) is ended after so long. */
const endGraceMs = 3_000

export interface ImportsOptions {
  /** Of the built import host. */
  path: string
  library: LibraryPlace
  onProgress(progress: ImportProgress): void
  log: Log
}

/** Imports and generates in a process that writes to the library itself: pixels never pass through main. */
export function createImports({ path, library, onProgress, log }: ImportsOptions): Imports {
  let cancelCurrent: (() => void) | null = null

  return {
    async start(job, name, sampling) {
      if (cancelCurrent) {
        throw new LabError('conflict', 'An import is under way already. Wait for it, or cancel it.')
      }
      const { child, ended, end } = startUtility('The import', path, log)
      const post = (message: ToImporter) => child.postMessage(message)
      let isCancelled = false
      cancelCurrent = () => {
        isCancelled = true
        post({ type: 'cancel' })
        setTimeout(end, endGraceMs)
      }
      try {
        const result = new Promise<Reply<number>>((resolve) => {
          child.on('message', (message: FromImporter) => {
            if (message.type === 'progress') onProgress(message.progress)
            else if (message.type === 'done') resolve({ ok: true, value: message.datasetId })
            else resolve({ ok: false, error: message.error })
          })
        })
        const exit = ended.then(({ reason }): Reply<number> => {
          const message = isCancelled ? 'The import was cancelled. The library is as it was.' : reason
          return { ok: false, error: { code: isCancelled ? 'stopped' : 'internal', message } }
        })
        post({ type: 'start', library, job, name, sampling })
        const reply = await Promise.race([result, exit])
        if (!reply.ok) throw new LabError(reply.error.code, reply.error.message)
        return reply.value
      } finally {
        cancelCurrent = null
        // It closed the library before it answered.
        end()
      }
    },
    cancel() {
      cancelCurrent?.()
      return cancelCurrent !== null
    },
    active: () => cancelCurrent !== null,
  }
}
