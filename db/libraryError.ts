import { LabError } from '#shared/domain/labError.ts'

/**
 * An error of SQLite or the file system as one sentence for the user; what is neither is returned as it is.
 * @param place the library's file or folder, named in the sentence
 */
export function toLibraryError(error: unknown, place: string): unknown {
  if (error instanceof LabError || !(error instanceof Error)) return error
  const sentence = (code: LabError['code'], message: string) => new LabError(code, message, { cause: error })
  const code = String((error as NodeJS.ErrnoException).code ?? '')
  const is = (...starts: string[]) => starts.some((start) => code === start || code.startsWith(`${start}_`))

  if (is('SQLITE_BUSY', 'SQLITE_LOCKED')) {
    return sentence(
      'libraryBusy',
      `Another process is writing to the library ${place}. Try again when it is done.`,
    )
  }
  // SQLITE_IOERR_SHMSIZE: there was no room for what the processes of a library share.
  if (is('SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT')) {
    return sentence(
      'diskFull',
      `The disk that holds ${place} is full. Make space and try again; nothing was lost.`,
    )
  }
  if (is('SQLITE_NOTADB')) {
    return sentence(
      'badInput',
      `${place} is not a Rho Lab library. Choose another folder or move that file away.`,
    )
  }
  if (is('SQLITE_CORRUPT')) {
    return damaged(place, error)
  }
  if (is('SQLITE_IOERR')) {
    return sentence('internal', `${place} could not be read or written. Check its disk and try again.`)
  }
  if (is('SQLITE_READONLY', 'SQLITE_PERM', 'SQLITE_CANTOPEN', 'EACCES', 'EPERM', 'EROFS')) {
    return sentence(
      'readOnly',
      `${place} cannot be written. Change its permissions or choose another library folder.`,
    )
  }
  if (is('ENOTDIR', 'EEXIST')) {
    return sentence(
      'badInput',
      `${place} cannot be a library: a part of that path is a file. Choose another folder.`,
    )
  }
  if (is('ENOENT')) {
    return sentence(
      'badInput',
      `${place} is gone or cannot be made. Choose a library folder on a disk that you can write to.`,
    )
  }
  return error
}

/** A library of which something cannot be read. */
export const damaged = (file: string, cause: unknown): LabError =>
  new LabError(
    'damaged',
    `${file} is damaged. Restore it from a backup, or save what can be read: lab rescue FOLDER --out NEW.`,
    { cause },
  )
