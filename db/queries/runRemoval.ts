import { LabError } from '#shared/domain/labError.ts'
import { freeBlobs } from '../blobRows.ts'
import type { Library } from '../library.ts'
import { writing } from '../transaction.ts'
import { gone, statusOf } from './runEdits.ts'

/**
 * Removes runs with all they left behind, for good: all of them or, where one is refused, none.
 * @throws LabError notFound; conflict where one is running
 */
export function removeRuns(library: Library, ids: readonly number[]): void {
  const hashes = writing(library, () => {
    for (const id of ids) refuseRunning(library, id)
    return deleteRows(library, ids)
  })
  freeBlobs(library, hashes)
}

/**
 * Takes runs out of every list at once; they can be had back until the trash is emptied.
 * @throws LabError notFound; conflict where one is running
 */
export function trashRuns(library: Library, ids: readonly number[], now: Date): void {
  writing(library, () => {
    // Without an owner no late heartbeat can wake it.
    const trash = library.db.prepare('UPDATE runs SET deleted_at = ?, owner = NULL WHERE id = ?')
    for (const id of ids) {
      refuseRunning(library, id)
      trash.run(now.getTime(), id)
    }
  })
}

/** Takes runs back out of the trash. @throws LabError notFound where one is removed for good already */
export function untrashRuns(library: Library, ids: readonly number[]): void {
  writing(library, () => {
    const untrash = library.db.prepare('UPDATE runs SET deleted_at = NULL WHERE id = ?')
    for (const id of ids) if (untrash.run(id).changes === 0) throw gone(id)
  })
}

/**
 * Removes for good what was put into the trash before a time.
 * @returns how many runs
 */
export function emptyTrash(library: Library, before: Date): number {
  const ids = trashed(library, before)
  if (ids.length === 0) return 0
  const hashes = writing(library, () => deleteRows(library, trashed(library, before)))
  freeBlobs(library, hashes)
  return ids.length
}

const trashed = (library: Library, before: Date): number[] =>
  library.db
    .prepare<[number], number>('SELECT id FROM runs WHERE deleted_at < ?')
    .pluck()
    .all(before.getTime())

/** Inside a transaction. @returns the blobs that these runs named */
export function deleteRows(library: Library, ids: readonly number[]): string[] {
  const blobs = library.db
    .prepare<{ id: number }, string>(
      `SELECT blob_hash FROM snapshots WHERE run_id = @id
       UNION SELECT blob_hash FROM checkpoints WHERE run_id = @id`,
    )
    .pluck()
  const remove = library.db.prepare('DELETE FROM runs WHERE id = ?')
  return [...new Set(ids)].flatMap((id) => {
    const used = blobs.all({ id })
    remove.run(id)
    return used
  })
}

function refuseRunning(library: Library, id: number): void {
  const status = statusOf(library, id)
  if (status === undefined) throw gone(id)
  if (status === 'running' || status === 'paused')
    throw new LabError('conflict', `Run ${id} is ${status}. Stop it before you remove it.`)
}
