import * as fc from 'fast-check'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isVisible, readWindowState, writeWindowState } from '#main/app/windowState.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'rho-lab-window-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('what was written is read again', () => {
  const path = join(folder, 'profile', 'window.json')
  const state = { bounds: { x: -20, y: 40, width: 1440, height: 900 }, maximized: true }
  writeWindowState(path, state)
  expect(readWindowState(path)).toEqual(state)
})

test('a file that is missing, damaged or absurd is no reason not to open', () => {
  const path = join(folder, 'window.json')
  expect(readWindowState(path)).toBeNull()
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      writeFileSync(path, text)
      expect(readWindowState(path)).toBeNull()
    }),
  )
  writeFileSync(path, '{"bounds":{"x":0,"y":0,"width":1e12,"height":-4},"maximized":false}')
  expect(readWindowState(path)).toBeNull()
})

const laptop = { x: 0, y: 0, width: 1440, height: 900 }
const beside = { x: 1440, y: 0, width: 1920, height: 1080 }

test.each([
  ['on the only display', { x: 10, y: 10, width: 1200, height: 700 }, [laptop], true],
  ['mostly off the right edge', { x: 1300, y: 10, width: 1200, height: 700 }, [laptop], true],
  ['on a display that was unplugged', { x: 1600, y: 10, width: 1200, height: 700 }, [laptop], false],
  ['on the second display', { x: 1600, y: 10, width: 1200, height: 700 }, [laptop, beside], true],
  ['with its title bar above the screen', { x: 10, y: -60, width: 1200, height: 700 }, [laptop], false],
])('a window %s', (_where, bounds, displays, visible) => {
  expect(isVisible(bounds, displays)).toBe(visible)
})
