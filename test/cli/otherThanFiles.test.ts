import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasPipes, makePipe } from '../otherThanFiles.ts'
import { runLab, temporaryFolder } from './runLab.ts'

// A named pipe that nobody writes to: whoever opens it as a file waits for ever, and hears no Ctrl-C.

let folder: string
let library: string
const at = (name: string) => path.join(folder, name)
beforeAll(async () => {
  folder = await temporaryFolder()
  library = at('library')
  await runLab('generate', 'bars', '--patches', '200', '--library', library)
  if (!hasPipes) return
  for (const name of ['a.npy', 'a.csv', 'a.json', 'a.rholab', 'library.sqlite']) makePipe(folder, name)
  mkdirSync(at('whole'))
  await runLab('generate', 'bars', '--patches', '200', '--library', at('whole'))
  rmSync(at('whole/library.sqlite-wal'), { force: true })
  makePipe(at('whole'), 'library.sqlite-wal')
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.runIf(hasPipes)('a named pipe ends in a sentence, not in a wait, in', () => {
  it.each<[string, string[]]>([
    ['import of an array', ['import', 'a.npy']],
    ['import of a table', ['import', 'a.csv']],
    ['import of what may be weights', ['import', 'a.json']],
    ['import with a named array', ['import', 'a.npy', '--array', 'x']],
    ['open', ['open', 'a.rholab']],
    ['import-weights', ['import-weights', 'a.json']],
    ['train --init', ['train', '--dataset', 'bars', '--init', 'a.npy']],
    ['evaluate --weights', ['evaluate', '--dataset', 'bars', '--weights', 'a.npy']],
  ])('%s', async (_what, args) => {
    const given = args.map((word) => (word.startsWith('a.') ? at(word) : word))
    const { code, stdout, stderr } = await runLab(...given, '--library', library)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^lab: .*a\.\w+ is not a file but a named pipe\. Give a file\.\n$/)
  })

  it.each<[string, string[]]>([
    ['opening a library', ['runs', '--library', '.']],
    ['opening a library with its log', ['runs', '--library', 'whole']],
    ['rescue', ['rescue', '.', '--out', 'new']],
  ])('%s', async (_what, args) => {
    const { code, stderr } = await runLab(
      ...args.map((word) => (/^(\.|whole|new)$/.test(word) ? at(word) : word)),
    )
    expect(code).toBe(2)
    expect(stderr).toMatch(/^lab: .*library\.sqlite(-wal)? is not a file but a named pipe\. .*\.\n$/)
  })
})
