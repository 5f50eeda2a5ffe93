import Database from 'better-sqlite3'
import { mkdirSync, readFileSync, truncateSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { openLibrary } from '#db/library.ts'
import { makeFolder, makeRun } from '../db/makeLibrary.ts'
import { runLab } from './runLab.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = makeFolder()
  file = path.join(folder, 'library.sqlite')
})

/** Makes the library one that cannot be taken as it is, and says what the command line should say of it. */
const libraries: [string, () => Promise<void> | void, RegExp][] = [
  [
    'of a newer version',
    () => {
      const { db } = openLibrary(folder)
      db.pragma('user_version = 99')
      db.exec("UPDATE library SET app_version = '7.1.0'")
      db.close()
    },
    /was made by a newer Rho Lab \(7\.1\.0\)\. Update Rho Lab or choose another library folder\./,
  ],
  [
    'that is no database',
    () => writeFileSync(file, 'Dear diary. '.repeat(500)),
    /is not a Rho Lab library\. Choose/,
  ],
  [
    'of another program',
    () => void new Database(file).exec('CREATE TABLE books (title TEXT)').close(),
    /belongs to another program\. Choose/,
  ],
  [
    'cut short',
    async () => {
      const library = openLibrary(folder)
      await makeRun(library, { iterations: 300 })
      library.close()
      truncateSync(file, Math.floor(statSync(file).size / 2))
    },
    /is damaged\. Restore it from a backup, or save what can be read: lab rescue/,
  ],
]

test.each(libraries)(
  'a library %s: one sentence, exit code 2, nothing changed',
  async (_what, make, sentence) => {
    await make()
    const before = readFileSync(file)
    for (const args of [['runs'], ['train', '--dataset', 'bars']]) {
      const { code, stdout, stderr } = await runLab(...args, '--library', folder)
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' })
      expect(stderr).toMatch(/^lab: [^\n]*\.\n$|^lab: [^\n]*--out NEW\.\n$/)
      expect(stderr).toMatch(sentence)
      expect(stderr).toContain(file)
    }
    expect(readFileSync(file)).toEqual(before)
  },
)

test('a library that another process holds: read all the same, and for a change one sentence, exit code 2', async () => {
  const library = openLibrary(folder)
  const id = await makeRun(library)
  // As a process in the middle of a long change has it.
  library.db.exec('BEGIN IMMEDIATE')
  const [listed, removed] = await Promise.all([
    runLab('runs', '--json', '--library', folder),
    runLab('rm', String(id), '--library', folder),
  ])
  library.db.exec('ROLLBACK')
  library.close()
  expect(JSON.parse(listed.stdout)).toMatchObject([{ id }])
  expect(removed).toEqual({
    code: 2,
    stdout: '',
    stderr: `lab: Another process is writing to the library ${file}. Try again when it is done.\n`,
  })
})

test('a folder that cannot be a library: one sentence, exit code 2', async () => {
  writeFileSync(path.join(folder, 'file'), '')
  mkdirSync(path.join(folder, 'blocked', 'library.sqlite'), { recursive: true })
  for (const place of ['file', 'file/below', 'blocked']) {
    const { code, stdout, stderr } = await runLab('runs', '--library', path.join(folder, place))
    expect({ place, code, stdout }).toEqual({ place, code: 2, stdout: '' })
    expect(stderr).toMatch(/^lab: [^\n]*\.\n$/)
    expect(stderr).toContain(path.join(folder, place))
  }
})
