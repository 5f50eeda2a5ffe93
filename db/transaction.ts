import { LabError } from '#shared/domain/labError.ts'
import type { Library } from './library.ts'
import { toLibraryError } from './libraryError.ts'
import { refuseWhereAbsent } from './whereabouts.ts'

/** Reads in one transaction, so that several statements see the same moment. */
export function reading<T>(library: Library, work: () => T): T {
  return guarded(library, () => library.db.transaction(work).deferred())
}

/** Writes all or nothing. Takes the write lock at once, so that what it reads first is still true when it writes. */
export function writing<T>(library: Library, work: () => T): T {
  // Within a transaction it has been asked.
  if (!library.db.inTransaction) refuseWhereAbsent(library)
  if (library.obstacle !== null) throw new LabError('readOnly', library.obstacle)
  return guarded(library, () => library.db.transaction(work).immediate())
}

function guarded<T>(library: Library, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw toLibraryError(error, library.file)
  }
}
