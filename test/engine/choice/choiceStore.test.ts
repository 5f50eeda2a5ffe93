import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { choiceFolder, keepChoice, readChoice } from '#main/engine/choice/choiceStore.ts'

const schema = z.object({ threads: z.number() })
const key = { choice: 'threads', shape: 'gradient 8192 × 64 → 32' }

function makeFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rho-lab-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

it('keeps a choice for its key alone', async () => {
  const folder = path.join(makeFolder(), 'cache', 'choices')
  expect(await readChoice(key, schema, folder)).toBeNull()
  expect(await keepChoice(key, { threads: 2 }, schema, folder)).toEqual({ threads: 2 })
  expect(await readChoice(key, schema, folder)).toEqual({ threads: 2 })
  expect(await readChoice({ ...key, shape: 'another' }, schema, folder)).toBeNull()
})

it('gives the same choice to all that choose at once, so that their runs are the same', async () => {
  const folder = makeFolder()
  const all = await Promise.all(
    Array.from({ length: 12 }, (_, threads) => keepChoice(key, { threads }, schema, folder)),
  )
  expect(new Set(all.map(({ threads }) => threads)).size).toBe(1)
  expect(await readChoice(key, schema, folder)).toEqual(all[0])
  expect(readdirSync(folder)).toHaveLength(1)
})

it('takes a damaged file for none, and makes room for a new one', async () => {
  const folder = makeFolder()
  await keepChoice(key, { threads: 2 }, schema, folder)
  writeFileSync(path.join(folder, readdirSync(folder)[0]), '{"choice": {"thre')
  expect(await readChoice(key, schema, folder)).toBeNull()
  expect(await keepChoice(key, { threads: 4 }, schema, folder)).toEqual({ threads: 4 })
  await keepChoice(key, { threads: 4 }, schema, folder)
  expect(await readChoice(key, schema, folder)).toEqual({ threads: 4 })
})

it('goes on without keeping anything where nothing can be written', async () => {
  const file = path.join(makeFolder(), 'a file')
  writeFileSync(file, '')
  const folder = path.join(file, 'choices')
  expect(await keepChoice(key, { threads: 2 }, schema, folder)).toEqual({ threads: 2 })
  expect(await readChoice(key, schema, folder)).toBeNull()
})

it('lies in the user’s cache unless it is told where', () => {
  expect(choiceFolder({ XDG_CACHE_HOME: '/cache' })).toBe(path.join('/cache', 'rho-lab', 'engine-choices'))
  expect(choiceFolder({ XDG_CACHE_HOME: '/cache', RHO_LAB_ENGINE_CHOICES: '/mine' })).toBe('/mine')
  expect(path.isAbsolute(choiceFolder({}))).toBe(true)
})
