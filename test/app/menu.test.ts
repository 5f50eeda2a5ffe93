import type { MenuItem, MenuItemConstructorOptions } from 'electron'
import { describe, expect, test } from 'vitest'
import { menuTemplate } from '#main/app/menu.ts'
import { commands } from '#shared/commands/commands.ts'
import type { KnownLibrary } from '#shared/ipc/contract.ts'

function items(
  platform: NodeJS.Platform,
  development: boolean,
  send: (command: string) => void = () => {},
  recent: readonly KnownLibrary[] = [],
  openRecent: (key: string) => void = () => {},
) {
  const flatten = (template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])])
  return flatten(menuTemplate({ platform, development, send, recent, openRecent }))
}

test('New run tells the window', () => {
  const sent: string[] = []
  const newRun = items('linux', false, (command) => sent.push(command)).find(
    ({ label }) => label === 'New run…',
  )
  newRun?.click?.({} as MenuItem, undefined, {} as never)
  expect(sent).toEqual(['newRun'])
  expect(newRun?.accelerator).toBe('CmdOrCtrl+N')
})

test('every main command has its place in the menu', () => {
  const sent = new Set<string>()
  for (const { click } of items('darwin', false, (command) => sent.add(command)))
    click?.({} as MenuItem, undefined, {} as never)
  expect([...sent].toSorted()).toEqual(Object.keys(commands).toSorted())
})

test('a key that one also types is shown, and left to who types', () => {
  const compare = items('linux', false).find(({ accelerator }) => accelerator === 'C')
  expect(compare?.registerAccelerator).toBe(false)
  expect(items('darwin', false).filter(({ registerAccelerator }) => registerAccelerator === false)).toEqual(
    [],
  )
})

test('libraries that were opened before are in the menu, as they are called', () => {
  const opened: string[] = []
  const recent = [{ key: 'a1', displayPath: '/data/cats & dogs' }]
  const shown = items('linux', false, undefined, recent, (key) => opened.push(key))
  const library = shown.find(({ label }) => label === '/data/cats && dogs')
  library?.click?.({} as MenuItem, undefined, {} as never)
  expect(opened).toEqual(['a1'])
  const none = items('linux', false).find(({ label }) => label === 'Open recent library')
  expect(none?.enabled).toBe(false)
})

test('no two items share a key', () => {
  const keys = items('linux', true).flatMap(({ accelerator }) => accelerator ?? [])
  expect(new Set(keys).size).toBe(keys.length)
})

describe('what only developers need', () => {
  const roles = (development: boolean) => items('linux', development).map(({ role }) => role)
  test('is there for them', () =>
    expect(roles(true)).toEqual(expect.arrayContaining(['reload', 'toggleDevTools'])))
  test('is not there for users', () => {
    expect(roles(false)).not.toContain('reload')
    expect(roles(false)).not.toContain('toggleDevTools')
  })
})
