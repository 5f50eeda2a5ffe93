import Database from 'better-sqlite3'
import { closeSync, cpSync, existsSync, mkdirSync, openSync, renameSync, rmdirSync, writeSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import { openBlobs, type Blobs } from '../blobs.ts'
import { copyDatabase } from '../copyDatabase.ts'
import { nativeBindingOf, openLibrary, type Library, type OpenOptions } from '../library.ts'
import { toLibraryError } from '../libraryError.ts'
import { migrations } from '../migrations/index.ts'
import { summariseRun } from '../queries/summariseRun.ts'
import { partsByHash } from '../storedParts.ts'
import { beginPart, endPart } from '../unfinished.ts'
import { applyLog } from './databasePages.ts'
import { restoreLostDatasets } from './lostDatasets.ts'
import { collectLostRows, refuseUnlessDamage, tryTo } from './lostRows.ts'
import { tableShapes } from './tableShapes.ts'

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
 * Copies all that can be read of a library into a new one; the damaged one stays as it is. Where tables cannot be read
 * in their order, or are not known any more, their rows are looked for in every page; datasets of which only the patches
 * are left come back from these.
 * @param out  an empty folder, or one that is not there
 * @throws LabError notFound, conflict where `out` holds a library, newerLibrary, diskFull; internal where nothing could be
 *   saved
 */
export function rescueLibrary(folder: string, out: string, options: OpenOptions = {}): Rescue {
  const file = path.join(folder, 'library.sqlite')
  if (!existsSync(file)) throw new LabError('notFound', `There is no library in ${folder}. Name its folder.`)
  refuseWhereTaken(out)
  const wasThere = existsSync(out)
  // Half a library would be taken for what was saved: it stands in its place when all of it is there.
  const part = beginPart(out)
  const scratch = beginPart(os.tmpdir())
  try {
    mkdirSync(scratch, { mode: 0o700 })
    const rescue = rescueInto(part, makeCopy(file, scratch), folder, options)
    for (const name of ['blobs', 'library.sqlite']) renameSync(path.join(part, name), path.join(out, name))
    return rescue
  } catch (error) {
    endPart(part)
    if (!wasThere) tryTo(() => rmdirSync(out))
    const told = toLibraryError(error, file)
    if (!(told instanceof LabError)) throw told
    throw new LabError(told.code, told.message.replaceAll(part, path.resolve(out)), { cause: told })
  } finally {
    endPart(part)
    endPart(scratch)
  }
}

/** @throws LabError conflict */
function refuseWhereTaken(out: string): void {
  const blobs = path.join(out, 'blobs')
  // An empty one may have been left behind.
  if (existsSync(blobs)) tryTo(() => rmdirSync(blobs))
  if (existsSync(path.join(out, 'library.sqlite')) || existsSync(blobs))
    throw new LabError('conflict', `There is a library in ${out} already. Name another folder.`)
}

/** @param copy  of the damaged database, to be written to */
function rescueInto(part: string, copy: string, folder: string, options: OpenOptions): Rescue {
  const file = path.join(folder, 'library.sqlite')
  const damaged = openCopy(copy, file, options)
  let library: Library | undefined
  try {
    library = openLibrary(part, options)
    // Rows come table by table; what they refer to is looked at in the end.
    library.db.pragma('foreign_keys = OFF')
    const damagedTables = copyTables(damaged, library)
    if (damagedTables.length > 0) collectLostRows(copy, library.db, damagedTables)
    const source = openSource(path.join(folder, 'blobs'))
    restoreLostDatasets(library, source)
    const { blobs, brokenBlobs } = copyBlobs(source, library)
    settle(library)
    const count = (table: string) =>
      library!.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number
    const [runs, datasets] = [count('runs'), count('datasets')]
    if (runs + datasets === 0 && damagedTables.length > 0) throw nothingSaved(file)
    return { runs, datasets, blobs, brokenBlobs, damagedTables }
  } finally {
    damaged?.close()
    library?.close()
  }
}

const nothingSaved = (file: string) =>
  new LabError(
    'internal',
    `Nothing could be saved: ${file} is damaged so far that no run and no dataset is left in it. Restore it from a backup.`,
  )

/** The database in a copy, with its log: opening it may write to it. @returns the copy's file */
function makeCopy(file: string, scratch: string): string {
  const copy = copyDatabase(file, scratch)
  applyLog(copy)
  const handle = openSync(copy, 'r+')
  writeSync(handle, header, 0, header.length, 0)
  closeSync(handle)
  return copy
}

/** null where SQLite cannot make anything of it. @throws LabError newerLibrary */
function openCopy(copy: string, file: string, options: OpenOptions): Database.Database | null {
  const db = new Database(copy, { nativeBinding: nativeBindingOf(options) })
  try {
    const version = db.pragma('user_version', { simple: true }) as number
    if (version > migrations.length && version < 1_000)
      throw new LabError('newerLibrary', `${file} was made by a newer Rho Lab. Update Rho Lab to rescue it.`)
    return db
  } catch (error) {
    db.close()
    if (error instanceof LabError) throw error
    refuseUnlessDamage(error)
    return null
  }
}

const columnsOf = (db: Database.Database, table: string) =>
  db.pragma(`table_info(${table})`) as { name: string; pk: number }[]

/** @returns the tables of which not all could be read */
function copyTables(from: Database.Database | null, { db }: Library): string[] {
  const tables = tableShapes(db).map(({ table }) => table)
  if (from === null) return tables
  return tables.filter((table) => !db.transaction(() => copyTable(from, db, table))())
}

/** Reads a table from its start to the damage, then from its end back to it. @returns whether all of it was read */
function copyTable(from: Database.Database, to: Database.Database, table: string): boolean {
  try {
    const old = new Set(columnsOf(from, table).map(({ name }) => name))
    if (old.size === 0) return isOfLater(from, table)
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
      } catch (error) {
        refuseUnlessDamage(error)
        return false
      }
    }
    return read('ASC') || (read('DESC'), false)
  } catch (error) {
    refuseUnlessDamage(error)
    return false
  }
}

/** Whether a library of this version has no such table yet; where it has, what described the table is lost. */
function isOfLater(from: Database.Database, table: string): boolean {
  const version = from.pragma('user_version', { simple: true }) as number
  const made = migrations.find(({ sql }) => sql.includes(`CREATE TABLE ${table} (`))
  return version > 0 && version < (made?.version ?? 0)
}

const openSource = (folder: string): Blobs | null => (existsSync(folder) ? openBlobs(folder) : null)

function copyBlobs(source: Blobs | null, library: Library): { blobs: number; brokenBlobs: number } {
  const used = [...partsByHash(library).keys()]
  const whole = used.filter(
    (hash) =>
      /^[0-9a-f]{64}$/.test(hash) && (source === null ? false : source.has(hash) && source.verify(hash)),
  )
  for (const hash of whole) cpSync(source!.path(hash), library.blobs.path(hash))
  const there = used.filter((hash) => library.blobs.has(hash)).length
  return { blobs: there, brokenBlobs: used.length - there }
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
