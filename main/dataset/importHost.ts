import { removeUnusedBlobs } from '#db/blobRows.ts'
import { openLibrary, type Library } from '#db/library.ts'
import type { ImportProgress } from '#shared/domain/dataset.ts'
import { toErrorReply } from '#shared/domain/labError.ts'
import type { FromImporter, ToImporter } from './importProtocol.ts'
import { runDatasetJob } from './runDatasetJob.ts'

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: ToImporter }) => void): void
  postMessage(message: FromImporter): void
}

const progressEveryMs = 50

const { parentPort } = process as unknown as { parentPort: ParentPort }
const cancelled = new AbortController()

parentPort.on('message', ({ data }) => {
  if (data.type === 'start') void carryOut(data)
  else cancelled.abort()
})

async function carryOut(request: ToImporter & { type: 'start' }): Promise<void> {
  const { job, name, sampling } = request
  let library: Library | null = null
  let answer: FromImporter
  try {
    const { folder, identity } = request.library
    library = openLibrary(folder, { create: false, identity })
    // Here, where nobody waits for it and nothing else is blocked.
    removeUnusedBlobs(library, new Date())
    const datasetId = await runDatasetJob(
      library,
      { ...job, name, sampling },
      {
        onProgress: paced((progress) => parentPort.postMessage({ type: 'progress', progress })),
        signal: cancelled.signal,
      },
    )
    answer = { type: 'done', datasetId }
  } catch (error) {
    answer = { type: 'failed', error: toErrorReply(error) }
  }
  library?.close()
  // Main ends this process when it has heard: one that exits by itself may be gone before its answer is out.
  parentPort.postMessage(answer)
}

/** Passes on at most one report in 50 ms, but every change of stage. */
function paced(post: (progress: ImportProgress) => void): (progress: ImportProgress) => void {
  let stage: ImportProgress['stage'] | null = null
  let postedAt = 0
  return (progress) => {
    const now = performance.now()
    if (progress.stage === stage && now - postedAt < progressEveryMs) return
    stage = progress.stage
    postedAt = now
    post(progress)
  }
}
