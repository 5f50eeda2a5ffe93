import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from '#main/app/log.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-log-'))
  path = join(folder, 'logs', 'rho-lab.log')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('an error is logged on one line with its stack', () => {
  createLog(path, 'info').error('runs.start failed', new Error('broken'))
  expect(readFileSync(path, 'utf8')).toMatch(/^\d{4}-\S+Z error runs\.start failed Error: broken\n {4}at /)
})

test('what is below the lowest level is left out', () => {
  const log = createLog(path, 'info')
  log.debug('not this')
  log.info('this')
  expect(readFileSync(path, 'utf8')).toContain('info this')
  expect(readFileSync(path, 'utf8')).not.toContain('not this')
})

test('the file stays under 1 MB, also over a restart, and what went before is kept once', () => {
  const line = 'x'.repeat(10_000)
  const first = createLog(path, 'info')
  for (let i = 0; i < 80; i++) first.info(`old ${line}`)
  const second = createLog(path, 'info')
  for (let i = 0; i < 80; i++) second.info(`new ${line}`)
  expect(statSync(path).size).toBeLessThanOrEqual(1 << 20)
  expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(1 << 20)
  expect(readFileSync(`${path}.1`, 'utf8')).toContain('old')
  expect(readFileSync(path, 'utf8').split('\n').at(-2)).toContain('new')
})

test('a log that cannot be written does not stop the app', () => {
  const log = createLog('/dev/null/rho-lab.log', 'info')
  expect(() => log.info('lost')).not.toThrow()
})
