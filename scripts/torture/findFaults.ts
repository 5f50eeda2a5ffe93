import { readdirSync } from 'node:fs'
import path from 'node:path'
import { removeUnusedBlobs } from '../../db/blobRows.ts'
import { momentNow } from '../../db/clock.ts'
import { openLibrary, type Library } from '../../db/library.ts'
import { readCheckpoint } from '../../db/queries/checkpoints.ts'
import { listRuns, markInterrupted } from '../../db/queries/runs.ts'
import { partsByHash } from '../../db/storedParts.ts'
import { decodeCheckpoint } from '../../main/session/checkpoint.ts'
import { isUnderWay } from '../../shared/domain/run.ts'

const laterMs = 60_000
const muchLaterMs = 24 * 60 * 60 * 1000

/**
 * What a library must be after anything: opens it, takes its silent runs for dead, cleans it, and looks at all of it.
 * @param folder  of a library that no process has in use
 * @returns one sentence for each thing wrong
 */
export function findFaults(folder: string): string[] {
  const library = openLibrary(folder, { create: false })
  try {
    const { date, clockMs } = momentNow()
    const after = (ms: number): Date => new Date(date.getTime() + ms)
    markInterrupted(library, { date: after(laterMs), clockMs: clockMs + laterMs })
    removeUnusedBlobs(library, after(muchLaterMs))
    return [...faultsOfDatabase(library), ...faultsOfRuns(library), ...faultsOfFiles(library)]
  } finally {
    library.close()
  }
}

function faultsOfDatabase({ db }: Library): string[] {
  const integrity = db.pragma('integrity_check', { simple: true })
  const foreignKeys = db.pragma('foreign_key_check') as unknown[]
  return [
    ...(integrity === 'ok' ? [] : [`integrity_check says: ${String(integrity)}`]),
    ...foreignKeys.map((row) => `foreign_key_check says: ${JSON.stringify(row)}`),
  ]
}

function faultsOfRuns(library: Library): string[] {
  return listRuns(library).flatMap((run) => {
    const faults: string[] = []
    if (isUnderWay(run.status)) faults.push(`run ${run.id} is ${run.status}, though nobody trains it`)
    const { count, last } = library.db
      .prepare<[number], { count: number; last: number | null }>(
        'SELECT count(*) AS count, max(iteration) AS last FROM iterations WHERE run_id = ?',
      )
      .get(run.id)!
    if (count !== (last ?? -1) + 1) faults.push(`run ${run.id} has ${count} iterations up to ${last}`)
    if ((last ?? 0) !== run.iterations)
      faults.push(`run ${run.id} says ${run.iterations} iterations, not ${last}`)
    try {
      const checkpoint = readCheckpoint(library, run.id)
      const state = checkpoint && decodeCheckpoint<{ iteration: number }>(checkpoint.bytes)
      if (state && state.iteration !== checkpoint?.iteration)
        faults.push(`run ${run.id}: another's checkpoint`)
      if (state && state.iteration > (last ?? -1))
        faults.push(`run ${run.id}: checkpoint ahead of its iterations`)
    } catch (error) {
      faults.push(`run ${run.id}: ${(error as Error).message}`)
    }
    return faults
  })
}

function faultsOfFiles(library: Library): string[] {
  const { db, blobs, folder } = library
  const used = db
    .prepare<[], string>('SELECT DISTINCT hash FROM blob_uses WHERE hash IS NOT NULL')
    .pluck()
    .all()
  const broken = [...partsByHash(library).keys()].filter((hash) => !blobs.has(hash) || !blobs.verify(hash))
  const known = new Set(used)
  const strays = readdirSync(path.join(folder, 'blobs')).filter((name) => !known.has(name))
  return [
    ...broken.map((hash) => `blob ${hash.slice(0, 12)} is missing or not what its name says`),
    ...strays.map((name) => `${name} is left over after cleaning`),
  ]
}
