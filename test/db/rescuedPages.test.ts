import Database from 'better-sqlite3'
import * as fc from 'fast-check'
import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openLibrary } from '#db/library.ts'
import { getDataset, listDatasets } from '#db/queries/datasets.ts'
import { insertDataset, insertDatasetCard } from '#db/queries/insertDataset.ts'
import { getRun, listRuns, removeRuns } from '#db/queries/runs.ts'
import { rescueLibrary } from '#db/rescue/rescueLibrary.ts'
import { findFaults } from '../../scripts/torture/findFaults.ts'
import { runLab } from '../cli/runLab.ts'
import { makeDraft, makeFolder, makeLibrary, makeRun } from './makeLibrary.ts'

const pageBytes = 4096
const rounds = Number(process.env.RHO_LAB_FLIPS ?? 30)
let source: string
let whole: Buffer
/** Which table or index each page is of, and how many rows lie in it alone. */
let pages: Map<number, { table: string; rows: number }>

/** Big enough for trees of several levels; some of it deleted, so that there are free pages with old rows. */
beforeAll(async () => {
  source = mkdtempSync(path.join(os.tmpdir(), 'rho-lab-test-'))
  const library = openLibrary(source)
  const thumbnail = { width: 40, height: 40, rgba: randomBytes(6400) }
  const images = [{ file: 'dune.jpg', width: 40, height: 40, patches: 6, thumbnail }]
  const datasets: number[] = []
  for (const name of ['photos', 'bars', 'leaves'])
    datasets.push(await insertDataset(library, makeDraft({ name, images, m: 6 })))
  const removed: number[] = []
  for (let k = 0; k < 24; k++) {
    const id = await makeRun(library, {
      name: `edges ${k}`,
      datasetId: datasets[k % 3],
      iterations: 150,
      snapshots: [0, 50, 100, 149],
      tags: ['kept', `number ${k}`],
      status: 'finished',
    })
    if (k % 8 === 7) removed.push(id)
  }
  removeRuns(library, removed)
  library.db.pragma('wal_checkpoint(TRUNCATE)')
  const isWithoutRowid = new Set(['iterations', 'run_tags', 'dataset_skipped', 'removed_runs'])
  const rows = library.db
    .prepare<[], { name: string; pageno: number; pagetype: string; ncell: number }>(
      'SELECT name, pageno, pagetype, ncell FROM dbstat',
    )
    .all()
  pages = new Map(
    rows.map(({ name, pageno, pagetype, ncell }) => {
      const holds = pagetype === 'leaf' || (pagetype === 'internal' && isWithoutRowid.has(name))
      return [pageno, { table: name, rows: holds ? ncell : pagetype === 'overflow' ? 1 : 0 }]
    }),
  )
  library.close()
  whole = readFileSync(path.join(source, 'library.sqlite'))
})
afterAll(() => rmSync(source, { recursive: true, force: true }))

/** A copy of the library of which some pages are zeros or noise. */
function damage(numbers: readonly number[], content: (bytes: number) => Uint8Array): string {
  const folder = makeFolder()
  cpSync(source, folder, { recursive: true })
  const bytes = Buffer.from(whole)
  for (const number of numbers) bytes.set(content(pageBytes), (number - 1) * pageBytes)
  writeFileSync(path.join(folder, 'library.sqlite'), bytes)
  return folder
}

const out = () => path.join(makeFolder(), 'saved')

/** Tables of what a run leaves behind, with the column that names it. */
const ofRuns = [
  ['iterations', 'run_id, iteration, cost, reconstruction, validation, rho_hat_mean'],
  ['rho_hats', 'run_id, iteration, rho_hat'],
  ['snapshots', 'run_id, iteration, blob_hash, rho_hat'],
  ['run_tags', 'run_id, tag'],
]

/** Holds what is saved to what could be read: all that lies in no overwritten page, and nothing that was not there. */
function expectAllReadable(saved: string, damagedPages: readonly number[]): void {
  const lost = (table: string) =>
    damagedPages
      .map((number) => pages.get(number))
      .reduce((sum, page) => sum + (page?.table === table ? page.rows : 0), 0)
  const db = new Database(path.join(saved, 'library.sqlite'))
  try {
    db.exec(`ATTACH '${path.join(source, 'library.sqlite')}' AS old`)
    const count = (sql: string) => db.prepare(sql).pluck().get() as number
    const missing = (table: string, columns: string, where = 'TRUE') =>
      count(
        `SELECT count(*) FROM (SELECT ${columns} FROM old.${table} WHERE ${where} EXCEPT SELECT ${columns} FROM ${table})`,
      )
    const added = (table: string, columns: string) =>
      count(
        `SELECT count(*) FROM (SELECT ${columns} FROM ${table} EXCEPT SELECT ${columns} FROM old.${table})`,
      )
    expect(missing('runs', 'id, name, config, dataset_id, dataset_hash')).toBeLessThanOrEqual(lost('runs'))
    expect(added('runs', 'id, name, config, dataset_id, dataset_hash')).toBe(0)
    for (const [table, columns] of ofRuns) {
      const gone = missing(table, columns, 'run_id IN (SELECT id FROM main.runs)')
      expect({ table, isTooMuch: gone > lost(table) }).toEqual({ table, isTooMuch: false })
      expect({ table, added: added(table, columns) }).toEqual({ table, added: 0 })
    }
    // Their patches are there, whatever became of their rows.
    expect(missing('datasets', 'id, hash, patches, visible, size_bytes')).toBe(0)
    expect(missing('datasets', 'id, name, statistics')).toBeLessThanOrEqual(lost('datasets'))
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(db.pragma('foreign_key_check')).toEqual([])
  } finally {
    db.close()
  }
}

const zeros = (bytes: number) => new Uint8Array(bytes)

describe('a library of which one page is overwritten', () => {
  test(
    'is saved but for what lay in that page alone, wherever that is',
    { timeout: 60_000 + rounds * 10_000 },
    () => {
      const count = whole.length / pageBytes
      fc.assert(
        fc.property(fc.integer({ min: 1, max: count }), fc.boolean(), (number, isNoise) => {
          const saved = out()
          rescueLibrary(damage([number], isNoise ? randomBytes : zeros), saved)
          expectAllReadable(saved, [number])
        }),
        {
          numRuns: rounds,
          examples: [
            [1, true],
            [1, false],
          ],
        },
      )
    },
  )

  test.each([
    ['zeros', zeros],
    ['noise', randomBytes],
  ])('keeps every row where its schema is %s', (_, content) => {
    const schema = [...pages].filter(([, { table }]) => table === 'sqlite_schema').map(([number]) => number)
    expect(schema.length).toBeGreaterThan(1)
    const saved = out()
    const rescue = rescueLibrary(damage(schema, content), saved)
    expect(rescue).toMatchObject({ runs: 21, datasets: 3, brokenBlobs: 0 })
    expect(rescue.damagedTables).toContain('runs')
    expectAllReadable(saved, schema)
  })

  test('has its datasets again, with their patches, where all that it said of them is lost', () => {
    const ofDatasets = [...pages].filter(([, { table }]) => table === 'datasets').map(([number]) => number)
    const saved = out()
    const { datasets, runs, brokenBlobs } = rescueLibrary(damage(ofDatasets, randomBytes), saved)
    expect({ datasets, runs, brokenBlobs }).toEqual({ datasets: 3, runs: 21, brokenBlobs: 0 })
    const [before, after] = [makeLibrary(source), makeLibrary(saved)]
    const dataset = getDataset(after, 1)
    const { patches, visible, hash, patchSize } = getDataset(before, 1)
    expect(dataset).toMatchObject({ name: 'rescued dataset 1', patches, visible, hash, patchSize })
    expect(dataset.notes).toContain('lost')
    expect(dataset.statistics.after.mean).toBeGreaterThan(0)
    expect(getRun(after, 1)).toMatchObject({ name: 'edges 0' })
  })

  test('counts no file as damaged that a dataset without its patches never had', async () => {
    const folder = makeFolder()
    const library = openLibrary(folder)
    await insertDatasetCard(library, { ...makeDraft(), hash: 'a'.repeat(64) })
    library.close()
    const saved = out()
    expect(rescueLibrary(folder, saved)).toMatchObject({ datasets: 1, brokenBlobs: 0, damagedTables: [] })
    expect(findFaults(saved)).toEqual([])
  })

  test('keeps its runs where neither the record of a dataset nor its patches are left', () => {
    const ofDatasets = [...pages].filter(([, { table }]) => table === 'datasets').map(([number]) => number)
    const folder = damage(ofDatasets, zeros)
    rmSync(path.join(folder, 'blobs'), { recursive: true })
    const saved = out()
    expect(rescueLibrary(folder, saved)).toMatchObject({ runs: 21, datasets: 3 })
    expect(listDatasets(makeLibrary(saved))[0]).toMatchObject({ sizeBytes: 0 })
    expect(findFaults(saved)).toEqual([])
  })

  test('is rescued with what its write-ahead log still held, though its first page is gone', async () => {
    const folder = makeFolder()
    cpSync(source, folder, { recursive: true })
    const open = openLibrary(folder)
    await makeRun(open, { name: 'in the log', datasetId: 1, iterations: 20 })
    const killed = makeFolder()
    cpSync(folder, killed, { recursive: true })
    open.close()
    const file = path.join(killed, 'library.sqlite')
    const bytes = readFileSync(file)
    bytes.fill(0, 0, pageBytes)
    writeFileSync(file, bytes)
    const saved = out()
    rescueLibrary(killed, saved)
    expect(listRuns(makeLibrary(saved)).map(({ name }) => name)).toContain('in the log')
  })
})

test('a library of which nothing is left: the command line says so with 1, and leaves no new library', async () => {
  const everyPage = Array.from({ length: whole.length / pageBytes }, (_, i) => i + 1)
  const saved = out()
  const { code, stdout, stderr } = await runLab('rescue', damage(everyPage, randomBytes), '--out', saved)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^lab: Nothing could be saved: .* Restore it from a backup\.\n$/)
  expect(existsSync(saved)).toBe(false)
})

test('a library without its first page is called damaged, not a file of another program, and the command line saves it', async () => {
  const folder = damage([1], zeros)
  expect(() => openLibrary(folder)).toThrow(expect.objectContaining({ code: 'damaged' }))
  const saved = out()
  const { code, stdout } = await runLab('rescue', folder, '--out', saved)
  expect(code).toBe(0)
  expect(stdout).toMatch(/Runs +21\n/)
  expect(stdout).toMatch(/Damaged +\w/)
  expect(readdirSync(saved).toSorted()).toEqual(['blobs', 'library.sqlite'])
})
