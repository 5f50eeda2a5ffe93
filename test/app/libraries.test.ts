import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { libraryIn, openLibraries } from '#main/app/libraries.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-libraries-'))
  path = join(folder, 'libraries.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the library used last is opened next time; the newest eight are known by a key', () => {
  const libraries = openLibraries(path)
  expect(libraries.current()).toBeNull()
  for (let i = 0; i < 9; i++) libraries.use(`/data/${i}`)
  libraries.use('/data/3')
  const next = openLibraries(path)
  expect(next.current()).toBe('/data/3')
  const recent = next.recent()
  expect(recent.map((one) => one.folder)).toEqual(
    ['3', '8', '7', '6', '5', '4', '2', '1'].map((i) => `/data/${i}`),
  )
  expect(next.folderOf(recent[2].key)).toBe('/data/7')
  expect(recent[2].key).not.toContain('data')
  expect(() => next.folderOf('/data/7')).toThrow('no longer known')
})

test('a library that cannot be opened is not tried again', () => {
  openLibraries(path).use('/data/broken')
  openLibraries(path).forgetCurrent()
  expect(openLibraries(path).current()).toBeNull()
})

test.each(['{', '[]', '{"current": 7}'])('a damaged file (%s) counts as none', (text) => {
  writeFileSync(path, text)
  expect(openLibraries(path).current()).toBeNull()
})

test('a folder with other things in it is not filled with the library’s files', () => {
  const empty = join(folder, 'empty')
  const library = join(folder, 'library')
  const pictures = join(folder, 'pictures')
  for (const one of [empty, library, pictures]) mkdirSync(one)
  writeFileSync(join(library, 'library.sqlite'), '')
  writeFileSync(join(library, 'notes.txt'), '')
  writeFileSync(join(pictures, 'a.jpg'), '')
  expect(libraryIn(empty)).toBe(empty)
  expect(libraryIn(library)).toBe(library)
  expect(libraryIn(pictures)).toBe(join(pictures, 'Rho Lab library'))
  expect(() => libraryIn(join(folder, 'gone'))).toThrow('is not there')
})
