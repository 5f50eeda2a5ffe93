import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSources } from '#main/ipc/chosenSources.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-sources-'))
  mkdirSync(join(folder, 'holiday.2024'))
  writeFileSync(join(folder, 'patches.NPY'), '')
  writeFileSync(join(folder, 'photo.jpg'), '')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a folder is known by its token, under its own name', async () => {
  const sources = createSources()
  const path = join(folder, 'holiday.2024')
  const source = await sources.add(path)
  expect(source).toMatchObject({ kind: 'folder', name: 'holiday.2024', displayPath: path })
  expect(sources.get(source.token)).toEqual({ kind: 'folder', path })
})

test('an array is named without its ending', async () => {
  expect(await createSources().add(join(folder, 'patches.NPY'))).toMatchObject({
    kind: 'array',
    name: 'patches',
  })
})

test('the token says nothing of the path and cannot be guessed', async () => {
  const sources = createSources()
  const tokens = new Set<string>()
  for (let i = 0; i < 20; i++) tokens.add((await sources.add(folder)).token)
  expect(tokens.size).toBe(20)
  for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{32}$/)
})

test.each(['', 'no such token', '__proto__', '/etc'])('"%s" is no token', (token) => {
  expect(() => createSources().get(token)).toThrow('Choose it again')
})

test('the token of one window’s life is unknown in the next', async () => {
  const { token } = await createSources().add(folder)
  expect(() => createSources().get(token)).toThrow('Choose it again')
})

test('only the newest 64 are kept', async () => {
  const sources = createSources()
  const { token } = await sources.add(folder)
  for (let i = 0; i < 64; i++) await sources.add(folder)
  expect(() => sources.get(token)).toThrow('Choose it again')
})

test.each([
  ['photo.jpg', 'neither a folder, nor a file of arrays'],
  ['missing', 'is not there'],
])('%s is refused', async (name, sentence) => {
  await expect(createSources().add(join(folder, name))).rejects.toThrow(sentence)
})

test.each(['', 'photo.jpg', './holiday.2024'])(
  'what has no path of its own ("%s") is refused',
  async (path) => {
    await expect(createSources().add(path)).rejects.toThrow('no file on this computer')
  },
)
