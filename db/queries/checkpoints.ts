import { freeBlobs, writeWithBlobs } from '../blobRows.ts'
import type { Library } from '../library.ts'
import { checkpointOf, readPart } from '../storedParts.ts'
import { reading } from '../transaction.ts'
import { refuseStranger } from './ownership.ts'

/**
 * Replaces a run's checkpoint: until the new one is whole on disk, the old one counts. Does not block the process.
 * Wait for it before the run ends or the library is closed.
 * @param bytes must not change until the promise settles
 * @param owner who carries the run out; left out by whoever brings a run in
 * @throws LabError notFound, libraryBusy, diskFull; lostRun where it is not that owner's any more
 */
export async function writeCheckpoint(
  library: Library,
  runId: number,
  iteration: number,
  bytes: Uint8Array,
  owner?: string,
): Promise<void> {
  refuseStranger(library, runId, owner)
  const replaced = await writeWithBlobs(library, [bytes], ([{ hash }]) => {
    refuseStranger(library, runId, owner)
    return replaceRow(library, runId, iteration, hash)
  })
  if (replaced !== undefined) freeBlobs(library, [replaced])
}

/** Returns the hash of the checkpoint that was there. */
function replaceRow(library: Library, runId: number, iteration: number, hash: string): string | undefined {
  const old = hashOf(library, runId)
  library.db
    .prepare(
      'INSERT OR REPLACE INTO checkpoints (run_id, blob_hash, iteration, created_at) VALUES (?, ?, ?, ?)',
    )
    .run(runId, hash, iteration, new Date().toISOString())
  return old
}

/** @throws LabError badInput where it is missing or not what it was */
export function readCheckpoint(
  library: Library,
  runId: number,
): { iteration: number; bytes: Uint8Array<ArrayBuffer> } | null {
  return reading(library, () => {
    const row = library.db
      .prepare<[number], { iteration: number; blob_hash: string }>(
        'SELECT iteration, blob_hash FROM checkpoints WHERE run_id = ?',
      )
      .get(runId)
    return row
      ? { iteration: row.iteration, bytes: readPart(library, row.blob_hash, checkpointOf(runId)) }
      : null
  })
}

/**
 * Forgets a run's checkpoint; what is not there needs no removal. Inside a transaction.
 * @returns the hash of its blob, to be freed after that transaction
 */
export function dropCheckpoint(library: Library, runId: number): string | null {
  const hash = hashOf(library, runId)
  library.db.prepare('DELETE FROM checkpoints WHERE run_id = ?').run(runId)
  return hash ?? null
}

function hashOf(library: Library, runId: number): string | undefined {
  return library.db
    .prepare<[number], string>('SELECT blob_hash FROM checkpoints WHERE run_id = ?')
    .pluck()
    .get(runId)
}
