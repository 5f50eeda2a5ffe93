import { expect, test } from 'vitest'
import { paletteEntries as entriesOn } from '../../../renderer/components/shell/paletteEntries.ts'
import { commands, type CommandName } from '#shared/commands/commands.ts'

const paletteEntries = (text: string, ...lists: [typeof runs, typeof datasets]) =>
  entriesOn(text, ...lists, 'linux')

const runs = Array.from({ length: 50 }, (_, i) => ({ id: i + 1, name: `fig ${i + 1}` }))
const datasets = [{ id: 7, name: 'nature figures' }]

test('without a text: all commands and a few of the newest', () => {
  const entries = paletteEntries('', runs, datasets)
  expect(entries[0].command).toBe('newRun')
  expect(entries.filter((entry) => entry.kind === 'run')).toHaveLength(5)
})

test('every word must be in the name, in any order', () => {
  expect(paletteEntries('FIGURES nature', runs, datasets).map((entry) => entry.route)).toEqual([
    { view: 'dataset', id: 7 },
  ])
  expect(paletteEntries('fig 50', runs, datasets).map((entry) => entry.label)).toEqual(['fig 50'])
  expect(paletteEntries('zzz', runs, datasets)).toEqual([])
})

test('each entry does exactly one thing', () => {
  for (const entry of paletteEntries('', runs, datasets)) {
    expect(Number(entry.command !== undefined) + Number(entry.route !== undefined)).toBe(1)
  }
})

test('every main command is listed, with the key that does it', () => {
  const listed = new Map(paletteEntries('', runs, datasets).map((entry) => [entry.command, entry.keys]))
  const missing = Object.keys(commands).filter((name) => !listed.has(name as CommandName))
  expect(missing).toEqual(['commands'])
  expect(listed.get('rename')).toBe('F2')
  expect(listed.get('datasets')).toBe('Ctrl+2')
})
