import { statSync } from 'node:fs'
import { LabError } from '#shared/domain/labError.ts'

/** Where a library is, and which one that is: what its other processes are told, so that none opens another there. */
export interface LibraryPlace {
  folder: string
  /** Of `library.sqlite`, whatever its path: see identityOf. */
  identity: string
}

/** What tells a file from any other that stands, or will stand, at the same path; null where it cannot be reached. */
export function identityOf(file: string): string | null {
  try {
    const status = statSync(file, { bigint: true, throwIfNoEntry: false })
    return status ? `${status.dev}:${status.ino}` : null
  } catch {
    return null
  }
}

/**
 * Why an open library is not where it was opened, one sentence; null where it is. Its open files would take whatever is
 * written, and nobody would find it again.
 */
export function absenceOf({ folder, file, identity }: LibraryPlace & { file: string }): string | null {
  const found = identityOf(file)
  if (found === identity) return null
  const until = 'until then nothing can be started or saved'
  return found === null
    ? `The library ${folder} is not there any more: it was moved or deleted, or its disk was taken away. Put it back; ${until}.`
    : `Another library stands in ${folder} now. Put back the one that was opened, or start Rho Lab again to open the other; ${until}.`
}

/** @throws LabError libraryGone */
export function refuseWhereAbsent(library: LibraryPlace & { file: string }): void {
  const absence = absenceOf(library)
  if (absence !== null) throw new LabError('libraryGone', absence)
}
