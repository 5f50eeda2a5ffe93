import { openLibrary, type Library } from '#db/library.ts'
import { insertDataset } from '#db/queries/insertDataset.ts'
import { insertRun } from '#db/queries/runs.ts'
import { generateDataset } from '#main/dataset/generate/generateDataset.ts'
import { launchWorkerSession } from '#main/session/launchWorkerSession.ts'
import { createSessions } from '#main/session/sessions.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'

/** A library with one dataset, small and quick to train on. */
export async function libraryWithBars(
  folder: string,
  patches = 300,
): Promise<{ library: Library; datasetId: number }> {
  const library = openLibrary(folder)
  const sampling = { ...defaultSampling, patches, patchSize: 4, normalisation: { kind: 'none' } as const }
  const datasetId = await insertDataset(library, await generateDataset('bars', { name: 'bars', sampling }))
  return { library, datasetId }
}

/** A queued run on it, in float64, of 20 iterations unless said otherwise. */
export function addRun(library: Library, datasetId: number, changes: Partial<RunConfig> = {}): number {
  const small = { hidden: 8, rho: 0.1, engine: 'reference', iterations: 20 } as const
  const config = { ...defaultConfig, ...small, ...changes }
  const run = { name: 'bars', datasetId, config, preset: null, tags: [], appVersion: '0', machine: 'test' }
  return insertRun(library, run)
}

/** Trains runs one after the other in worker threads, as the command line does, each to its end whichever that is. */
export async function trainAll(library: Library, ids: readonly number[]): Promise<void> {
  let left = ids.length
  let done!: () => void
  const all = new Promise<void>((resolve) => (done = resolve))
  const sessions = createSessions<never>({
    library,
    parallel: 1,
    launch: launchWorkerSession,
    onChange() {},
    onEnd: () => --left === 0 && done(),
  })
  ids.forEach((id) => sessions.enqueue(id))
  await all
  await sessions.close()
}
