import Database from 'better-sqlite3'
import { onTestFinished, expect, test } from 'vitest'
import { migrate } from '#db/migrate.ts'
import { openLibrary } from '#db/library.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { getRun } from '#db/queries/runs.ts'
import { defaultConfig, storedDefaults } from '#shared/domain/runConfig.ts'
import { migrations } from '#db/migrations/index.ts'
import path from 'node:path'
import { makeFolder } from './makeLibrary.ts'

function open(file: string): Database.Database {
  const db = new Database(file)
  onTestFinished(() => void db.close())
  return db
}

const tables = (db: Database.Database) =>
  db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all()

test('versions count up from 1: user_version says how many were applied', () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1))
})

test('an empty file becomes a library with every table', () => {
  const db = open(path.join(makeFolder(), 'library.sqlite'))
  migrate(db, 'library.sqlite', '1.2.3')
  expect(tables(db)).toEqual([
    'checkpoints',
    'dataset_images',
    'dataset_skipped',
    'datasets',
    'iterations',
    'library',
    'removed_runs',
    'rho_hats',
    'run_tags',
    'runs',
    'snapshots',
    'sqlite_sequence',
    'sweeps',
    'table_views',
  ])
  expect(db.prepare('SELECT app_version FROM library').pluck().get()).toBe('1.2.3')
})

test('a second process that comes late changes nothing', () => {
  const file = path.join(makeFolder(), 'library.sqlite')
  const [first, second] = [open(file), open(file)]
  migrate(first, file, '1')
  const before = tables(first)
  migrate(second, file, '2')
  expect(tables(second)).toEqual(before)
  expect(second.prepare('SELECT app_version FROM library').pluck().get()).toBe('1')
})

test('a migration that fails in its middle leaves the library as the one before made it', () => {
  const file = path.join(makeFolder(), 'library.sqlite')
  const db = open(file)
  const broken = {
    version: migrations.length + 1,
    name: 'broken',
    sql: 'CREATE TABLE half (x INTEGER); CREATE TABLE half (x INTEGER);',
  }
  expect(() => migrate(db, file, '2', [...migrations, broken])).toThrow(/half/)
  expect(db.pragma('user_version', { simple: true })).toBe(migrations.length)
  expect(tables(db)).not.toContain('half')
  expect(db.prepare('SELECT app_version FROM library').pluck().get()).toBe('2')
})

test('a library of version 1 keeps its runs: a setting that they lack is what it was then, not what new runs get', () => {
  const folder = makeFolder()
  const file = path.join(folder, 'library.sqlite')
  const old = open(file)
  migrate(old, file, '0.1.0', migrations.slice(0, 1))
  const added = new Set([
    'schedule',
    'decayEvery',
    'decayFactor',
    'finalShare',
    'validation',
    'history',
    'streams',
  ])
  const config = Object.fromEntries(Object.entries(defaultConfig).filter(([key]) => !added.has(key)))
  old.exec(`
    INSERT INTO datasets VALUES
      (1, 'photos', 'images', '', 6, 4, 2, 1, '{}', 1, 'h', 0, 0, 0, '', NULL, NULL, 0, NULL, 'p', '{}');
    INSERT INTO runs (id, name, dataset_id, status, created_at, config, dataset_hash, app_version, machine, cost)
      VALUES (7, 'edges', 1, 'stopped', '', '${JSON.stringify(config)}', 'h', '0.1.0', '', 0.5);
    INSERT INTO iterations (run_id, iteration, cost, evaluations, elapsed_ms) VALUES (7, 0, 0.5, 1, 1);`)
  old.close()
  const library = openLibrary(folder, { appVersion: '0.2.0' })
  onTestFinished(() => library.close())
  expect(getRun(library, 7)).toMatchObject({
    name: 'edges',
    cost: 0.5,
    validation: null,
    config: storedDefaults,
  })
  expect([storedDefaults.history, defaultConfig.history]).toEqual([20, 100])
  const series = readSeries(library, 7, -1)
  expect([series.count, series.cost[0], series.validation[0]]).toEqual([1, 0.5, NaN])
})
