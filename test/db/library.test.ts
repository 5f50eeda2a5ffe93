import Database from 'better-sqlite3'
import {
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { migrations } from '#db/migrations/index.ts'
import { openLibrary } from '#db/library.ts'
import { toLibraryError } from '#db/libraryError.ts'
import { insertRun, listRuns } from '#db/queries/runs.ts'
import { renameDataset } from '#db/queries/datasets.ts'
import { LabError } from '#shared/domain/labError.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { makeDataset, makeFolder, makeLibrary, makeRun } from './makeLibrary.ts'
import { spawnNode } from './spawnNode.ts'

const openAndInsert = new URL('./children/openAndInsert.ts', import.meta.url)

/** The error that something throws. */
function errorOf(work: () => unknown): LabError {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(LabError)
    return error as LabError
  }
  throw new Error('It did not fail.')
}

describe('a new library', () => {
  test('is made with its folders, in WAL, with foreign keys', () => {
    const folder = path.join(makeFolder(), 'not', 'yet')
    const { db, file } = makeLibrary(folder)
    expect(file).toBe(path.join(folder, 'library.sqlite'))
    expect(existsSync(path.join(folder, 'blobs'))).toBe(true)
    const pragma = (name: string) => db.pragma(name, { simple: true })
    expect(pragma('journal_mode')).toBe('wal')
    expect(pragma('foreign_keys')).toBe(1)
    expect(pragma('busy_timeout')).toBe(5000)
    expect(pragma('synchronous')).toBe(1)
    expect(pragma('user_version')).toBe(migrations.length)
  })

  test('has strict tables only', () => {
    const { db } = makeLibrary()
    const tables = db.pragma('table_list') as { name: string; type: string; strict: number }[]
    const loose = tables.filter(
      ({ name, type, strict }) => type === 'table' && !strict && !name.startsWith('sqlite_'),
    )
    expect(loose).toEqual([])
  })

  test('is not made where it was not asked for', () => {
    const folder = path.join(makeFolder(), 'none')
    const error = errorOf(() => openLibrary(folder, { create: false }))
    expect(error.code).toBe('notFound')
    expect(error.message).toContain(folder)
    expect(existsSync(folder)).toBe(false)
  })

  test('keeps what was in it when it is opened again', async () => {
    const folder = makeFolder()
    await makeRun(makeLibrary(folder), { name: 'kept' })
    expect(listRuns(makeLibrary(folder)).map(({ name }) => name)).toEqual(['kept'])
  })
})

describe('what is not a library is refused in one sentence, and left as it was', () => {
  test('one made by a newer version, which it names', () => {
    const folder = makeFolder()
    const { db } = openLibrary(folder)
    db.pragma('user_version = 99')
    db.exec("UPDATE library SET app_version = '7.1.0'")
    db.close()
    const before = readFileSync(path.join(folder, 'library.sqlite'))
    const error = errorOf(() => openLibrary(folder))
    expect(error.code).toBe('newerLibrary')
    expect(error.message).toContain('7.1.0')
    expect(readFileSync(path.join(folder, 'library.sqlite'))).toEqual(before)
  })

  test('a file that is no database', () => {
    const folder = makeFolder()
    const file = path.join(folder, 'library.sqlite')
    writeFileSync(file, 'Dear diary, this is not a database at all. '.repeat(100))
    const error = errorOf(() => openLibrary(folder))
    expect(error.code).toBe('badInput')
    expect(error.message).toContain(`${file} is not a Rho Lab library`)
    expect(readFileSync(file, 'utf8')).toMatch(/^Dear diary/)
  })

  test("another program's database", () => {
    const folder = makeFolder()
    const other = new Database(path.join(folder, 'library.sqlite'))
    other.exec('CREATE TABLE books (title TEXT)')
    other.close()
    const error = errorOf(() => openLibrary(folder))
    expect(error.code).toBe('badInput')
    expect(error.message).toContain('belongs to another program')
  })

  test('a library cut short', async () => {
    const folder = makeFolder()
    const library = openLibrary(folder)
    await makeRun(library, { iterations: 500 })
    library.close()
    truncateSync(library.file, Math.floor(statSync(library.file).size / 2))
    const error = errorOf(() => openLibrary(folder))
    expect(error.code).toBe('damaged')
    expect(error.message).toContain(`${library.file} is damaged`)
  })

  test('a library with rubbish inside is named damaged when that part is read', async () => {
    const folder = makeFolder()
    const library = openLibrary(folder)
    await makeRun(library, { iterations: 500 })
    const rootPage = library.db
      .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'runs'")
      .pluck()
      .get() as number
    const pageBytes = library.db.pragma('page_size', { simple: true }) as number
    library.close()
    const file = openSync(library.file, 'r+')
    writeSync(file, Buffer.alloc(pageBytes, 0xff), 0, pageBytes, (rootPage - 1) * pageBytes)
    const damaged = makeLibrary(folder)
    const error = errorOf(() => listRuns(damaged))
    expect(error.code).toBe('damaged')
    expect(error.message).toContain(`${library.file} is damaged`)
  })

  test.each([
    ['a folder below a file', 'file/library', 'badInput'],
    ['a folder that is a file', 'file', 'badInput'],
    ['a folder where the database should be', 'blocked', 'badInput'],
  ])('%s', (_, place, code) => {
    const folder = makeFolder()
    writeFileSync(path.join(folder, 'file'), '')
    mkdirSync(path.join(folder, 'blocked', 'library.sqlite'), { recursive: true })
    const error = errorOf(() => openLibrary(path.join(folder, place)))
    expect(error.code).toBe(code)
    expect(error.message).toContain(path.join(folder, place))
  })
})

describe('several processes', () => {
  test('that make the library at once all get it, and none loses a write', async () => {
    const folder = makeFolder()
    const names = ['ada', 'bea', 'cleo']
    // Dataset 1 is there before they insert runs, but the library of the second folder is not.
    await makeDataset(makeLibrary(folder))
    const fresh = makeFolder()
    const all = [
      ...names.map((name) => spawnNode(openAndInsert, [folder, '20', name])),
      ...names.map((name) => spawnNode(openAndInsert, [fresh, '0', name])),
    ]
    for (const { ended } of all) expect(await ended).toEqual({ code: 0, signal: null, output: '' })
    const runs = listRuns(makeLibrary(folder))
    expect(runs).toHaveLength(60)
    expect(new Set(runs.map(({ name }) => name)).size).toBe(60)
    expect(runs.every(({ cost }) => cost === 1)).toBe(true)
    expect(listRuns(makeLibrary(fresh))).toEqual([])
  })

  test('a writer that finds the library locked for too long says so', async () => {
    const folder = makeFolder()
    const library = makeLibrary(folder)
    const id = await makeDataset(library)
    const other = makeLibrary(folder)
    library.db.pragma('busy_timeout = 20')
    other.db.exec('BEGIN IMMEDIATE')
    const error = errorOf(() => renameDataset(library, id, 'renamed'))
    expect(error.code).toBe('libraryBusy')
    other.db.exec('ROLLBACK')
    expect(renameDataset(library, id, 'renamed').name).toBe('renamed')
  })
})

describe('a full disk', () => {
  test('leaves the library as it was', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const pages = library.db.pragma('page_count', { simple: true }) as number
    library.db.pragma(`max_page_count = ${pages}`)
    const run = { name: 'x', datasetId, config: defaultConfig, preset: null, tags: [], appVersion: '' }
    const error = errorOf(() => insertRun(library, { ...run, machine: 'm'.repeat(100_000) }))
    expect(error.code).toBe('diskFull')
    expect(listRuns(library)).toEqual([])
    expect(library.db.pragma('integrity_check', { simple: true })).toBe('ok')
  })

  test.runIf(existsSync('/dev/full'))('is told from the file system too', () => {
    const full = openSync('/dev/full', 'w')
    const error = errorOf(() => {
      try {
        writeSync(full, 'x')
      } catch (error) {
        throw toLibraryError(error, '/library')
      }
    })
    expect(error.code).toBe('diskFull')
    expect(error.message).toContain('/library')
  })
})
