import Database from 'better-sqlite3'
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { setNotes } from '#db/queries/runs.ts'
import { nativeBindingOf } from '#db/library.ts'
import { exportRun } from '#main/export/exportRun.ts'
import { readWeights } from '#main/export/importWeights.ts'
import { writeMlflow } from '#main/export/mlflow/writeMlflow.ts'
import { makeFolder, makeLibrary, makeRun, makeWhitenedRun } from '../db/makeLibrary.ts'

const openStore = (store: string) =>
  new Database(path.join(store, 'mlflow.db'), { nativeBinding: nativeBindingOf({}) })

function rowsOf(store: string, sql: string): unknown[] {
  const db = openStore(store)
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}

async function exported(store = path.join(makeFolder(), 'my mlruns')) {
  const library = makeLibrary()
  const id = await makeRun(library, {
    name: 'edges: "λ"',
    tags: ['first', 'best'],
    iterations: 3,
    snapshots: [0, 2],
    status: 'stopped',
  })
  setNotes(library, id, 'Looks\nfine.')
  const [{ file: folder }] = await writeMlflow(library, [id], store)
  return { library, id, store, folder, uuid: path.basename(path.dirname(folder)) }
}

describe('an MLflow store', () => {
  test('has the tables, columns and revision that MLflow published', async () => {
    const { store } = await exported()
    expect(rowsOf(store, 'SELECT * FROM alembic_version')).toEqual([{ version_num: '3500859a5d39' }])
    const published = JSON.parse(
      readFileSync(path.join(import.meta.dirname, '../fixtures/mlflow/tables.json'), 'utf8'),
    ) as Record<string, string[]>
    const db = openStore(store)
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
    expect(tables.toSorted()).toEqual(Object.keys(published).toSorted())
    for (const [table, columns] of Object.entries(published)) {
      const there = db.pragma(`table_info(${table})`) as {
        name: string
        type: string
        notnull: number
        pk: number
        dflt_value: string | null
      }[]
      const said = there.map(
        ({ name, type, notnull, dflt_value: usual, pk }) =>
          `${name} ${type}${notnull ? ' NOT NULL' : ''}${usual === null ? '' : ` DEFAULT ${usual}`}${pk ? ` PK${pk}` : ''}`,
      )
      expect([table, said]).toEqual([table, columns])
    }
    db.close()
  })

  test('has the experiments that MLflow expects, and nothing that says where the folder is', async () => {
    const { store, uuid } = await exported()
    expect(
      rowsOf(
        store,
        'SELECT experiment_id AS id, name, lifecycle_stage AS stage, artifact_location AS place FROM experiments',
      ),
    ).toEqual([
      { id: 0, name: 'Default', stage: 'active', place: 'mlflow-artifacts:/0' },
      { id: 1, name: 'Rho Lab', stage: 'active', place: 'mlflow-artifacts:/1' },
    ])
    expect(uuid).toMatch(/^[0-9a-f]{32}$/)
    expect(rowsOf(store, 'SELECT run_uuid, name, status, source_type, artifact_uri FROM runs')).toEqual([
      {
        run_uuid: uuid,
        name: 'edges: "λ"',
        status: 'KILLED',
        source_type: 'LOCAL',
        artifact_uri: `mlflow-artifacts:/1/${uuid}/artifacts`,
      },
    ])
    expect(readFileSync(path.join(store, 'mlflow.db')).includes(store)).toBe(false)
  })

  test('has settings as parameters, the record as metrics, the rest as tags', async () => {
    const { store } = await exported()
    const values = (table: string) =>
      Object.fromEntries(
        (rowsOf(store, `SELECT key, value FROM ${table}`) as { key: string; value: unknown }[]).map(
          ({ key, value }) => [key, value],
        ),
      )
    expect(values('params')).toMatchObject({ hidden: '3', rho: '0.01', dataset: 'photos' })
    expect(values('tags')).toMatchObject({
      'mlflow.runName': 'edges: "λ"',
      'mlflow.note.content': 'Looks\nfine.',
      tags: 'best, first',
    })
    const costs = rowsOf(store, "SELECT step, value, is_nan FROM metrics WHERE key = 'cost' ORDER BY step")
    expect(costs).toEqual([
      { step: 0, value: 2.25, is_nan: 0 },
      { step: 1, value: 1.25, is_nan: 0 },
      { step: 2, value: 2 / 3 + 0.25, is_nan: 0 },
    ])
    expect(values('latest_metrics')).toMatchObject({ cost: 2 / 3 + 0.25 })
    expect(rowsOf(store, 'PRAGMA foreign_key_check')).toEqual([])
  })

  test('has weights and filters where its server looks for them, also when it has moved', async () => {
    const { store, uuid } = await exported()
    const moved = `${store} moved`
    renameSync(store, moved)
    const artifacts = path.join(moved, 'mlartifacts', '1', uuid, 'artifacts')
    expect((await readWeights(path.join(artifacts, 'weights.npz'))).weights.hidden).toBe(3)
    expect(readdirSync(artifacts).toSorted()).toEqual(['filters.png', 'weights.npz'])
  })

  test('shows filters over whitened patches in pixels and as they are, each named', async () => {
    const library = makeLibrary()
    const id = await makeWhitenedRun(library, { snapshots: [0] })
    const folder = makeFolder()
    const [{ file: artifacts }] = await writeMlflow(library, [id], path.join(folder, 'mlruns'))
    expect(readdirSync(artifacts).toSorted()).toEqual([
      'filters (pixels).png',
      'filters (whitened).png',
      'weights.npz',
    ])
    for (const space of ['pixels', 'whitened'] as const) {
      const drawn = await exportRun(library, id, { format: 'png', space, file: path.join(folder, space) })
      expect(readFileSync(path.join(artifacts, `filters (${space}).png`)).equals(readFileSync(drawn))).toBe(
        true,
      )
    }
  })

  test('gets the same run once, however often it is written, and keeps what others wrote', async () => {
    const { library, id, store, uuid } = await exported()
    const db = openStore(store)
    // As a later MLflow leaves it: columns and tables of its own.
    db.exec("ALTER TABLE experiments ADD COLUMN workspace VARCHAR(63) DEFAULT 'default' NOT NULL")
    db.exec('CREATE TABLE later (id INTEGER)')
    db.prepare("INSERT INTO tags VALUES ('theirs', 'kept', ?)").run(uuid)
    db.close()
    await writeMlflow(library, [id], store)
    expect(rowsOf(store, 'SELECT count(*) AS runs FROM runs')).toEqual([{ runs: 1 }])
    expect(rowsOf(store, "SELECT count(*) AS costs FROM metrics WHERE key = 'cost'")).toEqual([{ costs: 3 }])
    expect(rowsOf(store, "SELECT value FROM tags WHERE key = 'theirs'")).toEqual([{ value: 'kept' }])
  })

  test('is left without half a run where there are no weights', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    const store = makeFolder()
    await expect(writeMlflow(library, [id], store)).rejects.toThrow(/no weights yet/)
    expect(rowsOf(store, 'SELECT * FROM runs')).toEqual([])
  })

  test('that is the database of another program is refused', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { iterations: 1, snapshots: [0] })
    const store = makeFolder()
    writeFileSync(path.join(store, 'mlflow.db'), 'no database, whatever its name says'.repeat(100))
    await expect(writeMlflow(library, [id], store)).rejects.toThrow(/no MLflow store that can be added to/)
  })
})
