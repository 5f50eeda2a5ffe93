import { expect, test } from '@playwright/test'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { momentNow } from '#db/clock.ts'
import { openLibrary } from '#db/library.ts'
import { insertDataset } from '#db/queries/insertDataset.ts'
import { claimRun, endRun, insertRun, listRuns } from '#db/queries/runs.ts'
import { generateDataset } from '#main/dataset/generate/generateDataset.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { startAnswered } from './answeredLab.ts'
import { listRuns as listShownRuns } from './calls.ts'
import { launchLab } from './launch.ts'

let scratch: string
let library: string
test.beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'rho-lab-test-'))
  library = join(scratch, 'library')
  const made = openLibrary(library)
  const sampling = { ...defaultSampling, patches: 100, patchSize: 4 }
  const datasetId = await insertDataset(made, await generateDataset('bars', { name: 'bars', sampling }))
  const run = { name: 'kept', datasetId, config: defaultConfig, preset: null, tags: [] }
  const id = insertRun(made, { ...run, appVersion: '0', machine: 'test' })
  claimRun(made, id, 'test', momentNow())
  endRun(made, id, { status: 'stopped', outcome: 'stopped', message: null, now: momentNow() })
  made.close()
})
test.afterEach(() => rmSync(scratch, { recursive: true, force: true }))

/** Overwrites the first page of a table or index. */
function damage(name: string): void {
  const opened = openLibrary(library)
  const size = opened.db.pragma('page_size', { simple: true }) as number
  const find = opened.db
    .prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?')
    .pluck()
  const page = name === 'sqlite_schema' ? 1 : find.get(name)!
  opened.close()
  const handle = openSync(opened.file, 'r+')
  writeSync(handle, Buffer.alloc(size, 0xff), 0, size, (page - 1) * size)
  closeSync(handle)
}

test('a library that is damaged at the start is rescued from the dialog, and the rescued one opened from then on', async () => {
  damage('library')
  const saved = join(scratch, 'saved')
  const start = await startAnswered(library, 'Save what can be read…', saved)
  expect(start.questions.map(({ message }) => message)).toEqual([
    'The library is damaged.',
    'What could be read is saved.',
  ])
  expect(start.questions[0].detail).toContain(library)
  expect(start.questions[1].detail).toContain('Runs: 1, datasets: 1, with every file.')
  expect(start).toMatchObject({ isRelaunched: true, remembered: saved })

  const lab = await launchLab({ library: saved })
  expect(await listShownRuns(lab.page)).toMatchObject([{ name: 'kept', status: 'stopped' }])
  expect(lab.errors).toEqual([])
  await lab.close()
})

test('a library whose schema is lost is rescued from the dialog all the same; one of which nothing is left says so', async () => {
  damage('sqlite_schema')
  const saved = join(scratch, 'saved')
  const start = await startAnswered(library, 'Save what can be read…', saved)
  expect(start.questions.map(({ message }) => message)).toEqual([
    'The library is damaged.',
    'What could be read is saved.',
  ])
  expect(start.questions[1].detail).toContain('Runs: 1, datasets: 1, with every file.')
  expect(start.questions[1].detail).toContain('Some may be missing of: ')
  expect(start.remembered).toBe(saved)

  const file = join(library, 'library.sqlite')
  writeFileSync(file, Buffer.alloc(statSync(file).size))
  const nothing = join(scratch, 'nothing')
  const end = await startAnswered(library, 'Save what can be read…', nothing)
  expect(end.questions.map(({ message }) => message)).toEqual([
    'The library is damaged.',
    'Nothing could be saved',
  ])
  expect(end.isRelaunched).toBe(false)
  expect(existsSync(nothing)).toBe(false)
})

test('damage that the window meets later is said once, with the same way out', async () => {
  // Datasets are counted by it.
  damage('runs_by_dataset')
  const saved = join(scratch, 'saved')
  const start = await startAnswered(library, 'Save what can be read…', saved)
  expect(start.questions.map(({ message, buttons }) => [message, buttons.at(-1)])).toEqual([
    ['The library is damaged.', 'Go on'],
    ['What could be read is saved.', 'Open it'],
  ])
  expect(start).toMatchObject({ isRelaunched: true, remembered: saved })
  const rescued = openLibrary(saved)
  expect(listRuns(rescued)).toMatchObject([{ name: 'kept' }])
  rescued.close()
})

test('a library of a newer Rho Lab says so, and another one can be opened instead', async () => {
  const opened = openLibrary(library)
  opened.db.pragma('user_version = 99')
  opened.close()
  const other = join(scratch, 'other')
  mkdirSync(other)
  const start = await startAnswered(library, 'Open another library…', other)
  expect(start.questions).toEqual([
    {
      message: 'The library was made by a newer Rho Lab.',
      detail: expect.stringContaining('Update Rho Lab'),
      buttons: ['Open another library…', 'Quit'],
    },
  ])
  expect(start).toMatchObject({ isRelaunched: true, remembered: other })
})
