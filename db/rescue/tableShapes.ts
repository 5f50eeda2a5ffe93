import type Database from 'better-sqlite3'
import type { StoredRow, StoredValue } from './storedRows.ts'

interface Column {
  name: string
  type: string
  notnull: 0 | 1
  dflt_value: string | null
  /** Place in the primary key, from 1; 0 where it is not in it. */
  pk: number
  /** 2: computed, not stored. */
  hidden: number
}

/** How the rows of one of our tables lie in the file. */
export interface TableShape {
  table: string
  isWithoutRowid: boolean
  columns: Column[]
}

const untold = ['library', 'removed_runs']

/** Of the tables that hold what users made: `removed_runs` is told to open windows only. */
export function tableShapes(db: Database.Database): TableShape[] {
  const tables = db.pragma('table_list') as { name: string; type: string; schema: string; wr: 0 | 1 }[]
  return tables
    .filter(
      ({ name, type, schema }) =>
        schema === 'main' && type === 'table' && !name.startsWith('sqlite_') && !untold.includes(name),
    )
    .map(({ name, wr }) => ({
      table: name,
      isWithoutRowid: wr === 1,
      columns: storedColumns(db, name, wr === 1),
    }))
    .toSorted((a, b) => b.columns.length - a.columns.length)
}

/** Tables WITHOUT ROWID have their key in front. */
function storedColumns(db: Database.Database, table: string, isWithoutRowid: boolean): Column[] {
  const stored = (db.pragma(`table_xinfo(${table})`) as Column[]).filter(({ hidden }) => hidden !== 2)
  if (!isWithoutRowid) return stored
  return [
    ...stored.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk),
    ...stored.filter(({ pk }) => pk === 0),
  ]
}

/** The values of a row of this table by column, those that it has; null where it is no row of it. */
export function fitRow(
  { isWithoutRowid, columns }: TableShape,
  row: StoredRow,
): Map<string, StoredValue> | null {
  const { rowid, values } = row
  if ((rowid === null) !== isWithoutRowid || values.length > columns.length) return null
  // A row that was written before a column was added is shorter.
  if (columns.slice(values.length).some((column) => column.notnull && column.dflt_value === null)) return null
  const keys = columns.filter(({ pk }) => pk > 0)
  if (keys.some((key) => columns.indexOf(key) >= values.length)) return null
  const byColumn = new Map<string, StoredValue>()
  for (const [i, value] of values.entries()) {
    const column = columns[i]
    // The key of a table of rows is the row's own number, and stored as such.
    const isRowid = !isWithoutRowid && keys.length === 1 && column.pk === 1 && column.type === 'INTEGER'
    if (isRowid ? value !== null : !fits(column, value)) return null
    byColumn.set(column.name, isRowid ? rowid : value)
  }
  return byColumn
}

const contents: [name: RegExp, content: RegExp][] = [
  [/^(hash|\w+_hash)$/, /^[0-9a-f]{64}$/],
  [/^(created|started|ended|archived)_at$/, /^\d{4}-\d\d-\d\dT/],
  [/^(config|statistics|normalisation|spec|view|recipe|engine_versions)$/, /^\s*[{[]/],
]

function fits({ name, type, notnull, pk }: Column, value: StoredValue): boolean {
  if (value === null) return notnull === 0 && pk === 0
  if (type === 'TEXT') {
    return (
      typeof value === 'string' && contents.every(([of, content]) => !of.test(name) || content.test(value))
    )
  }
  if (type === 'BLOB') return value instanceof Uint8Array
  return typeof value === 'number' && (type === 'REAL' || Number.isInteger(value))
}
