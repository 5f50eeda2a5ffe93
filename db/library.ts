import Database from 'better-sqlite3'
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import { openBlobs, type Blobs } from './blobs.ts'
import { damaged, toLibraryError } from './libraryError.ts'
import { migrate } from './migrate.ts'
import { refuseOtherThanFile } from './regularFile.ts'
import { absenceOf, identityOf, refuseWhereAbsent, type LibraryPlace } from './whereabouts.ts'

const busyTimeoutMs = 5000

/** A folder with `library.sqlite` and `blobs/`; several processes may have it open. */
export interface Library extends LibraryPlace {
  /** The SQLite file. */
  file: string
  db: Database.Database
  blobs: Blobs
  /** Why it can only be read, one sentence; null where it can be written. */
  obstacle: string | null
  close(): void
}

export interface OpenOptions {
  /** Make the library where there is none: only for whoever was asked to make one. */
  create?: boolean
  /** The one that is meant: any other in its place is refused. */
  identity?: string
  /** Kept with the schema, so that an older Rho Lab can name the version that it is too old for. */
  appVersion?: string
  /** better-sqlite3's binary, where its own prebuilt one cannot be loaded. */
  nativeBinding?: string
}

/**
 * Opens a library and brings its schema up to date.
 * @throws LabError badInput (not a library), damaged, readOnly, newerLibrary, libraryBusy, diskFull; notFound where there
 *   is none and `create` is false; libraryGone where that is not the one of `identity`
 */
export function openLibrary(folder: string, options: OpenOptions = {}): Library {
  const { create = true, appVersion = '', identity } = options
  const root = path.resolve(folder)
  const file = path.join(root, 'library.sqlite')
  if (identity !== undefined) refuseWhereAbsent({ folder: root, file, identity })
  if (!create && !existsSync(file)) {
    throw new LabError(
      'notFound',
      `There is no library in ${root}. Import a dataset to make one, or name its folder.`,
    )
  }
  let db: Database.Database | undefined
  try {
    mkdirSync(root, { recursive: true })
    for (const end of ['', '-wal', '-shm']) refuseOtherThanFile(file + end, 'Choose another library folder.')
    // With a write-ahead log beside it SQLite opens what it cannot write, and would say so only when it is to.
    if (existsSync(file)) accessSync(file, constants.W_OK)
    db = new Database(file, { nativeBinding: nativeBindingOf(options), timeout: busyTimeoutMs })
    migrate(db, file, appVersion)
    db.pragma('foreign_keys = ON')
    db.pragma('synchronous = NORMAL')
    // The row that every library has: a schema that cannot be read is found here, not by the first list.
    db.prepare('SELECT revision FROM library').get()
    const handle = db
    const blobs = openBlobs(path.join(root, 'blobs'))
    const place = { folder: root, file, identity: identity ?? identityOf(file) ?? '' }
    refuseWhereAbsent(place)
    // SQLite removes its write-ahead log by name, and another library may have one there now.
    const close = () => void (absenceOf(place) === null && handle.close())
    return { ...place, db, blobs, obstacle: null, close }
  } catch (error) {
    db?.close()
    const isDamaged =
      isSqlite(error) && error.code === 'SQLITE_NOTADB' && existsSync(path.join(root, 'blobs'))
    throw isDamaged ? damaged(file, error) : toLibraryError(error, isSqlite(error) ? file : root)
  }
}

/** SQLite itself, where it is not the one that better-sqlite3 finds. */
export const nativeBindingOf = ({ nativeBinding }: OpenOptions): string | undefined =>
  nativeBinding ?? (process.env.RHO_LAB_SQLITE_BINDING || undefined)

const isSqlite = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && error.name === 'SqliteError'
