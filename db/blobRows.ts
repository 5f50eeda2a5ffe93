import { LabError } from '#shared/domain/labError.ts'
import type { CleanedLibrary } from '#shared/domain/libraryUsage.ts'
import type { StoredBlob } from './blobs.ts'
import type { Library } from './library.ts'
import { reading, writing } from './transaction.ts'
import { refuseWhereAbsent } from './whereabouts.ts'

// Blobs younger than this may belong to a row that another process is about to write.
const graceMs = 60 * 60 * 1000

/**
 * Writes blobs, then the rows that name them: a crash in between leaves rubbish, never a row without its blob.
 * @param insert writes the rows, in one transaction
 */
export async function writeWithBlobs<T>(
  library: Library,
  parts: readonly Uint8Array[],
  insert: (blobs: readonly StoredBlob[]) => T,
): Promise<T> {
  // Not into the folder of another library.
  refuseWhereAbsent(library)
  const stored: StoredBlob[] = []
  try {
    for (;;) {
      stored.length = 0
      for (const part of parts) stored.push(await library.blobs.write(part))
      const done = insertIfThere(library, stored, () => insert(stored))
      if (done) return done.value
    }
  } catch (error) {
    throw afterFailure(library, stored, error)
  }
}

/** null where a blob is gone: its bytes were somebody else's too, who removed them before our rows were there. */
function insertIfThere<T>(
  library: Library,
  stored: readonly StoredBlob[],
  insert: () => T,
): { value: T } | null {
  return writing(library, () =>
    stored.every(({ hash }) => library.blobs.has(hash)) ? { value: insert() } : null,
  )
}

/** Takes back blobs whose rows could not be written. */
function afterFailure(library: Library, stored: readonly StoredBlob[], error: unknown): unknown {
  // What waited in vain for the write lock would wait again; removeUnusedBlobs gets these later. Nor is there anything
  // to take back where the library itself has gone.
  const isOutOfReach = error instanceof LabError && ['libraryBusy', 'libraryGone'].includes(error.code)
  if (!isOutOfReach)
    freeBlobs(
      library,
      stored.map(({ hash }) => hash),
    )
  return error
}

/** Removes those blobs that no row names. Call it after the transaction that removed the rows. */
export function freeBlobs(library: Library, hashes: readonly (string | null)[]): void {
  // Under the write lock nobody can begin to use a blob between the question and the removal.
  writing(library, () => {
    const used = library.db
      .prepare<[string], 0 | 1>('SELECT EXISTS (SELECT 1 FROM blob_uses WHERE hash = ?)')
      .pluck()
    for (const hash of new Set(hashes)) if (hash !== null && !used.get(hash)) library.blobs.remove(hash)
  })
}

/** Removes what killed processes left behind: half-written blobs and blobs whose rows were never written. */
export function removeUnusedBlobs(library: Library, now: Date): CleanedLibrary {
  const oldest = now.getTime() - graceMs
  const leftoverBytes = library.blobs.removeLeftovers(oldest)
  const used = new Set(
    reading(library, () => library.db.prepare<[], string | null>('SELECT hash FROM blob_uses').pluck().all()),
  )
  const unused = library.blobs
    .list()
    .filter((hash) => !used.has(hash) && library.blobs.writtenAt(hash) < oldest)
  const sizes = unused.map((hash) => library.blobs.sizeBytes(hash))
  freeBlobs(library, unused)
  const freed = sizes.filter((_, i) => !library.blobs.has(unused[i]))
  return { blobs: freed.length, freedBytes: freed.reduce((sum, size) => sum + size, leftoverBytes) }
}
