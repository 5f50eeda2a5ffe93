import Database from 'better-sqlite3'
import { onTestFinished, expect, test } from 'vitest'
import { migrate } from '#db/migrate.ts'
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
    'rho_hats',
    'run_tags',
    'runs',
    'snapshots',
    'sqlite_sequence',
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
    version: 2,
    name: 'broken',
    sql: 'CREATE TABLE half (x INTEGER); CREATE TABLE half (x INTEGER);',
  }
  expect(() => migrate(db, file, '2', [...migrations, broken])).toThrow(/half/)
  expect(db.pragma('user_version', { simple: true })).toBe(1)
  expect(tables(db)).not.toContain('half')
  expect(db.prepare('SELECT app_version FROM library').pluck().get()).toBe('2')
})
