import Database from 'better-sqlite3'
import { cpSync, existsSync, mkdtempSync, openSync, closeSync, rmSync, writeSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import { openBlobs } from './blobs.ts'
import { copyDatabase } from './copyDatabase.ts'
import { openLibrary, type Library, type OpenOptions } from './library.ts'
import { toLibraryError } from './libraryError.ts'
import { migrations } from './migrations/index.ts'
import { summariseRun } from './queries/summariseRun.ts'

/** What could be read of a damaged library. */
export interface Rescue {
  runs: number
  datasets: number
  blobs: number
  /** Files of patches or weights that were not what their names say, and are left behind. */
  brokenBlobs: number
  /** Tables of which a part could not be read. */
  damagedTables: string[]
}

const header = Buffer.from('SQLite format 3\0', 'latin1')

/**
 * Copies all that can be read of a library into a new one; the damaged one stays as it is.
 * @param out  an empty folder, or one that is not there
 * @throws LabError notFound, conflict where `out` holds a library, newerLibrary, damaged where nothing can be read
 */
export function rescueLibrary(folder: string, out: string, options: OpenOptions = {}): Rescue {
  const file = path.join(folder, 'library.sqlite')
  if (!existsSync(file)) throw new LabError('notFound', `There is no library in ${folder}. Name its folder.`)
  if (existsSync(path.join(out, 'library.sqlite')))
    throw new LabError('conflict', `There is a library in ${out} already. Name another folder.`)
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'rho-lab-rescue-'))
  let library: Library | undefined
  try {
    const damaged = openCopy(file, scratch, options)
    library = openLibrary(out, options)
    // Rows come table by table; what they refer to is looked at in the end.
    library.db.pragma('foreign_keys = OFF')
    const damagedTables = copyTables(damaged, library)
    damaged.close()
    const { blobs, brokenBlobs } = copyBlobs(folder, library)
    settle(library)
    const count = (table: string) =>
      library!.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number
    return { runs: count('runs'), datasets: count('datasets'), blobs, brokenBlobs, damagedTables }
  } catch (error) {
    throw toLibraryError(error, file)
  } finally {
    library?.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The database in a copy, with its log: opening it may write to it. */
function openCopy(file: string, scratch: string, { nativeBinding }: OpenOptions): Database.Database {
  const copy = copyDatabase(file, scratch)
  const handle = openSync(copy, 'r+')
  writeSync(handle, header, 0, header.length, 0)
  closeSync(handle)
  const db = new Database(copy, { nativeBinding: nativeBinding ?? process.env.RHO_LAB_SQLITE_BINDING })
  const version = db.pragma('user_version', { simple: true }) as number
  if (version > migrations.length && version < 1_000) {
    db.close()
    throw new LabError('newerLibrary', `${file} was made by a newer Rho Lab. Update Rho Lab to rescue it.`)
  }
  return db
}

const columnsOf = (db: Database.Database, table: string) =>
  db.pragma(`table_info(${table})`) as { name: string; pk: number }[]

/** @returns the tables of which not all could be read */
function copyTables(from: Database.Database, { db }: Library): string[] {
  const tables = db
    .prepare<[], string>(
      `SELECT name FROM sqlite_schema
       WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'library' ORDER BY rowid`,
    )
    .pluck()
    .all()
  return tables.filter((table) => !db.transaction(() => copyTable(from, db, table))())
}

/** Reads a table from its start to the damage, then from its end back to it. @returns whether all of it was read */
function copyTable(from: Database.Database, to: Database.Database, table: string): boolean {
  try {
    const old = new Set(columnsOf(from, table).map(({ name }) => name))
    // A library of before has not all tables.
    if (old.size === 0) return true
    const columns = columnsOf(to, table).filter(({ name }) => old.has(name))
    const names = columns.map(({ name }) => name)
    const insert = to.prepare(
      `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    )
    const keys = columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk)
    const order = (direction: string) => keys.map(({ name }) => `${name} ${direction}`).join(', ')
    const read = (direction: string): boolean => {
      try {
        const rows = from
          .prepare(`SELECT ${names.join(', ')} FROM ${table} ORDER BY ${order(direction)}`)
          .raw()
        for (const row of rows.iterate()) tryTo(() => insert.run(row))
        return true
      } catch {
        return false
      }
    }
    return read('ASC') || (read('DESC'), false)
  } catch {
    return false
  }
}

/** A row that is no row of ours any more is left out. */
function tryTo(work: () => void): void {
  try {
    work()
  } catch {
    // Of a wrong type, or NULL where none may be.
  }
}

function copyBlobs(folder: string, { blobs, db }: Library): { blobs: number; brokenBlobs: number } {
  const source = path.join(folder, 'blobs')
  const used = db
    .prepare<[], string>('SELECT DISTINCT hash FROM blob_uses WHERE hash IS NOT NULL')
    .pluck()
    .all()
  if (!existsSync(source)) return { blobs: 0, brokenBlobs: used.length }
  const damaged = openBlobs(source)
  const whole = used.filter(
    (hash) => /^[0-9a-f]{64}$/.test(hash) && damaged.has(hash) && damaged.verify(hash),
  )
  for (const hash of whole) cpSync(damaged.path(hash), blobs.path(hash))
  return { blobs: whole.length, brokenBlobs: used.length - whole.length }
}

/** Leaves out what refers to nothing, and makes runs what their iterations say. */
function settle(library: Library): void {
  const { db, blobs } = library
  db.transaction(() => {
    for (const table of ['snapshots', 'checkpoints']) {
      const rows = db.prepare<[], string>(`SELECT DISTINCT blob_hash FROM ${table}`).pluck().all()
      const drop = db.prepare(`DELETE FROM ${table} WHERE blob_hash = ?`)
      for (const hash of rows) if (!blobs.has(hash)) drop.run(hash)
    }
    const isJson = 'json_valid(config)'
    db.exec(`DELETE FROM runs WHERE NOT ${isJson}`)
    dropOrphans(db)
    db.exec(
      `UPDATE runs SET status = 'interrupted', owner = NULL, heartbeat_at = NULL
       WHERE status IN ('running', 'paused', 'queued')`,
    )
    for (const id of db.prepare<[], number>('SELECT id FROM runs').pluck().all()) summariseRun(library, id)
  })()
}

function dropOrphans(db: Database.Database): void {
  const tables = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
  for (const table of tables) {
    const keys = db.pragma(`foreign_key_list(${table})`) as {
      table: string
      from: string
      on_delete: string
    }[]
    for (const key of keys) {
      const where = `${key.from} IS NOT NULL AND ${key.from} NOT IN (SELECT id FROM ${key.table})`
      db.exec(
        key.on_delete === 'SET NULL'
          ? `UPDATE ${table} SET ${key.from} = NULL WHERE ${where}`
          : `DELETE FROM ${table} WHERE ${where}`,
      )
    }
  }
}
