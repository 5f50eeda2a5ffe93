import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { openLibrary } from '../../db/library.ts'
import { insertRun, removeRuns } from '../../db/queries/runs.ts'
import { launchWorkerSession } from '../../main/session/launchWorkerSession.ts'
import { createSessions } from '../../main/session/sessions.ts'
import { defaultConfig } from '../../shared/domain/runConfig.ts'

/** What a long day of short runs took more in its second half than in its first. */
export interface Growth {
  memoryBytes: number
  /** Open handles of the process: sockets, timers, ports, workers. */
  handles: number
  /** Of the library's folder, whose runs are removed as they end. */
  diskBytes: number
}

/** Trains and removes many short runs in this process, one after the other. */
export async function shortRuns(options: {
  folder: string
  datasetId: number
  count: number
}): Promise<Growth> {
  const { folder, datasetId, count } = options
  const library = openLibrary(folder)
  let ended = (): void => {}
  const sessions = createSessions<never>({
    library,
    parallel: 1,
    launch: launchWorkerSession,
    onChange() {},
    onEnd: () => ended(),
  })
  const config = { ...defaultConfig, hidden: 4, engine: 'reference' as const, iterations: 3 }
  const some = async (runs: number) => {
    for (let k = 0; k < runs; k++) {
      const run = { name: 'short', datasetId, config, preset: null, tags: [], appVersion: '', machine: '' }
      const id = insertRun(library, run)
      await new Promise<void>((resolve) => {
        ended = resolve
        sessions.enqueue(id)
      })
      removeRuns(library, [id])
    }
    // Workers take a moment to be gone.
    await new Promise((resolve) => setTimeout(resolve, 500))
    globalThis.gc?.()
    library.db.pragma('wal_checkpoint(TRUNCATE)')
    return {
      memoryBytes: process.memoryUsage().rss,
      handles: process.getActiveResourcesInfo().length,
      diskBytes: sizeOf(folder),
    }
  }
  const half = await some(Math.ceil(count / 2))
  const whole = await some(Math.floor(count / 2))
  await sessions.close()
  library.close()
  return {
    memoryBytes: whole.memoryBytes - half.memoryBytes,
    handles: whole.handles - half.handles,
    diskBytes: whole.diskBytes - half.diskBytes,
  }
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0)
