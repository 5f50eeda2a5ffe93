import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

// What a running window cannot be asked: that something is nowhere turned on.
const root = join(import.meta.dirname, '..', '..', 'main')
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }))

test('every window is found by this test', () => {
  const windows = sources.filter(({ text }) => text.includes('new BrowserWindow('))
  expect(windows.map(({ name }) => name).toSorted()).toEqual([
    join('app', 'computeWindow.ts'),
    join('app', 'window.ts'),
  ])
})

describe.each(sources.filter(({ text }) => text.includes('new BrowserWindow(')))('$name', ({ text }) => {
  test.each([
    'contextIsolation: true',
    'sandbox: true',
    'nodeIntegration: false',
    'webviewTag: false',
    'webSecurity: true',
  ])('says %s', (setting) => expect(text).toContain(setting))
})

test.each([
  'allowRunningInsecureContent',
  'experimentalFeatures',
  'enableBlinkFeatures',
  'allowpopups',
  'openExternal',
  'openPath',
  'loadFile',
  'executeJavaScript',
  'webSecurity: false',
  'sandbox: false',
  'nodeIntegration: true',
  'contextIsolation: false',
])('nothing of main says %s', (word) => {
  expect(sources.filter(({ text }) => text.includes(word)).map(({ name }) => name)).toEqual([])
})
