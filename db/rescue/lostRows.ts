import type Database from 'better-sqlite3'
import { openPages } from './databasePages.ts'
import { storedRows, type StoredValue } from './storedRows.ts'
import { fitRow, tableShapes } from './tableShapes.ts'

/**
 * Puts into a library's tables what rows of them lie anywhere in a database file, known by their shape; what is there
 * already stays.
 * @param tables that could not be read in their order
 */
export function collectLostRows(file: string, db: Database.Database, tables: readonly string[]): void {
  const shapes = tableShapes(db)
  const inserts = new Map<string, Database.Statement<StoredValue[]>>()
  const insert = (table: string, row: Map<string, StoredValue>): void => {
    const key = `${table} ${row.size}`
    let statement = inserts.get(key)
    if (!statement) {
      const names = [...row.keys()].join(', ')
      statement = db.prepare(
        `INSERT OR IGNORE INTO ${table} (${names}) VALUES (${[...row].map(() => '?').join(', ')})`,
      )
      inserts.set(key, statement)
    }
    tryTo(() => statement.run(...row.values()))
  }
  const pages = openPages(file)
  try {
    db.transaction(() => {
      for (const row of storedRows(pages)) {
        for (const shape of shapes) {
          const values = fitRow(shape, row)
          if (values === null) continue
          if (tables.includes(shape.table)) insert(shape.table, values)
          break
        }
      }
    })()
  } finally {
    pages.close()
  }
}

/** A row that is no row of ours any more is left out: of a wrong type, or NULL where none may be. */
export function tryTo(work: () => void): void {
  try {
    work()
  } catch (error) {
    refuseUnlessDamage(error)
  }
}

/** A full disk is not the damaged library's fault: what it took would be lost without a word. */
export function refuseUnlessDamage(error: unknown): void {
  const code = String((error as { code?: unknown }).code)
  if (/^SQLITE_(FULL|READONLY|BUSY|CANTOPEN|IOERR_(?!READ|SHORT_READ|CORRUPTFS))/.test(code)) throw error
}
