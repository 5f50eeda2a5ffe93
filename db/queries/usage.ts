import { statSync } from 'node:fs'
import type { LibraryUsage } from '#shared/domain/libraryUsage.ts'
import type { Library } from '../library.ts'
import { reading } from '../transaction.ts'

/** What a library takes on disk. Looks at every blob's size, none is read. */
export function libraryUsage(library: Library): LibraryUsage {
  const used = new Set(
    reading(library, () => library.db.prepare<[], string | null>('SELECT hash FROM blob_uses').pluck().all()),
  )
  let blobBytes = 0
  let unusedBytes = 0
  for (const hash of library.blobs.list()) {
    const size = library.blobs.sizeBytes(hash)
    blobBytes += size
    if (!used.has(hash)) unusedBytes += size
  }
  const databaseBytes = ['', '-wal'].reduce(
    (sum, end) => sum + (statSync(library.file + end, { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
  return { databaseBytes, blobBytes, unusedBytes }
}
