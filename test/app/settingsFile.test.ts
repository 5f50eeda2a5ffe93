import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSettings } from '#main/app/settingsFile.ts'
import { defaultSettings, settingsChangeSchema } from '#shared/domain/settings.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-settings-'))
  path = join(folder, 'profile', 'settings.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('without a file the defaults hold', () => {
  expect(openSettings(path).current()).toEqual({
    theme: 'system',
    engine: 'auto',
    parallel: 'auto',
    threads: 'auto',
    keepTraining: false,
    checkpointSeconds: 15,
  })
})

test('a change is kept, told, and there at the next start', () => {
  const settings = openSettings(path)
  const told: unknown[] = []
  settings.onChange(({ parallel }) => told.push(parallel))
  expect(settings.change({ parallel: 3 })).toEqual({ ...defaultSettings, parallel: 3 })
  expect(told).toEqual([3])
  expect(openSettings(path).current()).toEqual({ ...defaultSettings, parallel: 3 })
})

test('what the window of another library has changed meanwhile is not undone', () => {
  const first = openSettings(path)
  openSettings(path).change({ theme: 'dark' })
  expect(first.change({ parallel: 2 })).toMatchObject({ theme: 'dark', parallel: 2 })
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ theme: 'dark', parallel: 2 })
})

test.each(['', '{', 'null', '[1]', '"parallel"'])('a damaged file (%s) counts as none', (text) => {
  openSettings(path).change({ parallel: 2 })
  writeFileSync(path, text)
  expect(openSettings(path).current()).toEqual(defaultSettings)
})

test('of a file edited by hand, only what makes no sense is lost', () => {
  openSettings(path).change({})
  writeFileSync(path, JSON.stringify({ parallel: -1, threads: 4, theme: 'pink', secret: 1 }))
  expect(openSettings(path).current()).toEqual({ ...defaultSettings, threads: 4 })
})

test.each([
  [{ parallel: 0 }, 'Runs at the same time must be at least 1.'],
  [{ parallel: 1.5 }, 'Runs at the same time must be a whole number.'],
  [{ checkpointSeconds: 1 }, 'Checkpoints must be at least 5 seconds apart.'],
  [{ threads: 0 }, 'Threads must be at least 1.'],
  [{}, 'Name the setting to change'],
  [{ theme: undefined }, 'Name the setting to change'],
  [{ library: '/etc' }, 'Unrecognized key'],
])('a change to %j is refused, saying why', (change, sentence) => {
  const { error } = settingsChangeSchema.safeParse(change)
  expect(JSON.stringify(error?.issues)).toContain(sentence)
})
