import type Database from 'better-sqlite3'
import { LabError } from '#shared/domain/labError.ts'
import { migrations, type Migration } from './migrations/index.ts'

// "RhoL": tells our files from any other program's SQLite files.
const applicationId = 0x52686f4c
const pauseMs = 20
const patienceMs = 5000

/**
 * Checks that a database is a Rho Lab library (or empty) and applies the migrations that it lacks.
 * Two processes may do so at once: each migration is one transaction that looks again before it changes anything.
 */
export function migrate(
  db: Database.Database,
  file: string,
  appVersion: string,
  steps: readonly Migration[] = migrations,
): void {
  const newest = steps.at(-1)?.version ?? 0
  if (!isOurs(db)) {
    throw new LabError(
      'badInput',
      `${file} belongs to another program. Choose another library folder or move that file away.`,
    )
  }
  if (schemaVersion(db) > newest) throw newer(db, file)
  useWriteAheadLog(db)
  for (const migration of steps) {
    // A library that is up to date is opened without the write lock, which another process may have for long.
    if (schemaVersion(db) >= migration.version) continue
    db.transaction(() => {
      if (schemaVersion(db) >= migration.version) return
      db.exec(migration.sql)
      db.prepare(
        `INSERT INTO library (id, created_at, app_version) VALUES (1, ?, ?)
         ON CONFLICT DO UPDATE SET app_version = excluded.app_version`,
      ).run(new Date().toISOString(), appVersion)
      db.pragma(`application_id = ${applicationId}`)
      db.pragma(`user_version = ${migration.version}`)
    }).immediate()
  }
}

/** How many migrations a database has had. */
export const schemaVersion = (db: Database.Database) => db.pragma('user_version', { simple: true }) as number

/** Ours, or nobody's yet; one statement, since another process may be making it. */
function isOurs(db: Database.Database): boolean {
  return db.transaction(() => {
    if (db.pragma('application_id', { simple: true }) === applicationId) return true
    return db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
  })()
}

/** SQLite does not wait for its busy timeout when two processes switch an empty file to WAL at once. */
function useWriteAheadLog(db: Database.Database): void {
  const giveUpAt = Date.now() + patienceMs
  for (;;) {
    try {
      if (db.pragma('journal_mode = WAL', { simple: true }) === 'wal') return
    } catch (error) {
      if (!isBusy(error) || Date.now() > giveUpAt) throw error
    }
    if (Date.now() > giveUpAt) {
      throw new LabError(
        'badInput',
        'The library is on a disk without shared memory. Choose a folder on a local disk.',
      )
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
  }
}

const isBusy = (error: unknown) => String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')

function newer(db: Database.Database, file: string): LabError {
  return new LabError(
    'newerLibrary',
    `${file} was made by a newer Rho Lab${madeBy(db)}. Update Rho Lab or choose another library folder.`,
  )
}

/** Best effort: nothing is known of a newer schema. */
function madeBy(db: Database.Database): string {
  try {
    const version = db.prepare('SELECT app_version FROM library').pluck().get()
    return typeof version === 'string' && version !== '' ? ` (${version})` : ''
  } catch {
    return ''
  }
}
