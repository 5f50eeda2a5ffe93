import Database from 'better-sqlite3'
import { existsSync, mkdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import { openBlobs } from './blobs.ts'
import { momentNow } from './clock.ts'
import { copyDatabase } from './copyDatabase.ts'
import { nativeBindingOf, openLibrary, type Library, type OpenOptions } from './library.ts'
import { markInterrupted } from './queries/runStates.ts'
import { beginPart, endPart } from './unfinished.ts'
import { identityOf } from './whereabouts.ts'

/**
 * Opens a library; one that cannot be written (a read-only or a full disk) for what can be read of it. Its `obstacle`
 * then says why, and every attempt to change it is refused with that sentence.
 * @throws LabError as openLibrary, where nothing can be read either
 */
export function openForReading(folder: string, options: OpenOptions = {}): Library {
  try {
    return openLibrary(folder, options)
  } catch (error) {
    const obstacle = obstacleOf(error, folder)
    if (obstacle === null) throw error
    return openCopy(path.resolve(folder), obstacle, options, error)
  }
}

/** Why a library cannot be written that can perhaps be read; null where that is not what is wrong. */
function obstacleOf(error: unknown, folder: string): string | null {
  const file = path.join(path.resolve(folder), 'library.sqlite')
  if (!(error instanceof LabError) || !existsSync(file)) return null
  if (error.code === 'readOnly') {
    return `${file} cannot be written, so it is open for reading only: change its permissions or choose another library folder.`
  }
  if (error.code === 'diskFull') {
    return `The disk that holds ${file} is full, so it is open for reading only: make space and open it again.`
  }
  return null
}

/**
 * SQLite reads no database with a write-ahead log without writing beside it: a copy of the database is read, as it is
 * now, and the blobs where they are.
 */
function openCopy(root: string, obstacle: string, options: OpenOptions, why: unknown): Library {
  const scratch = beginPart(os.tmpdir())
  const remove = () => endPart(scratch)
  const file = path.join(root, 'library.sqlite')
  try {
    mkdirSync(scratch, { mode: 0o700 })
    const copied = copyDatabase(file, scratch)
    const prepared = openLibrary(scratch, { ...options, identity: undefined })
    markInterrupted(prepared, momentNow())
    prepared.db.pragma('journal_mode = DELETE')
    prepared.close()
    const db = new Database(copied, { readonly: true, nativeBinding: nativeBindingOf(options) })
    // Nothing is left of it then, however this process ends; Windows removes no file that is open.
    if (process.platform !== 'win32') remove()
    const close = () => {
      db.close()
      remove()
    }
    const identity = options.identity ?? identityOf(file) ?? ''
    return { folder: root, file, identity, db, blobs: openBlobs(path.join(root, 'blobs')), obstacle, close }
  } catch (error) {
    remove()
    if (!(error instanceof LabError) || error.code === 'diskFull') throw why
    throw new LabError(error.code, error.message.replaceAll(scratch, root), { cause: error })
  }
}
