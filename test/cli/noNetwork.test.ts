import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { captureCommand } from '../../scripts/command.ts'

const root = path.join(import.meta.dirname, '..', '..')
let folder: string
let log: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rho-lab-network-'))
  log = path.join(folder, 'network.log')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs Node with every way out closed, in its worker threads too. */
const closed = (...args: string[]) =>
  captureCommand(process.execPath, args, {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: `--import=${pathToFileURL(path.join(import.meta.dirname, 'closedNetwork.mjs')).href}`,
      NETWORK_LOG: log,
    },
  })
const lab = (...args: string[]) =>
  closed('main/cli/lab.ts', ...args, '--library', path.join(folder, 'library'), '--json')

test('the command line works with the network closed, and never tries it', async () => {
  for (const args of [
    ['generate', 'bars', '--patches', '300', '--patch', '4'],
    ['train', '--dataset', 'bars', '--hidden', '4', '--iterations', '3'],
    ['export', '1', '--format', 'npz', '--out', path.join(folder, 'w.npz')],
    ['engines'],
  ]) {
    const { exitCode, stderr } = await lab(...args)
    expect({ args, exitCode, stderr }).toMatchObject({ exitCode: 0 })
  }
  expect(existsSync(log) ? readFileSync(log, 'utf8') : '').toBe('')
})

test.each([
  "fetch('http://127.0.0.1:8099/').catch(() => {})",
  "import('node:https').then(({ get }) => get('https://example.org').on('error', () => {}))",
  "import('node:dns').then(({ lookup }) => lookup('example.org', () => {}))",
  `import('node:worker_threads').then(({ Worker }) =>
    new Worker(new URL('data:text/javascript,import { connect } from "node:net"; connect(9)')).on('error', () => {}))`,
])('an attempt is noted: %s', async (code) => {
  rmSync(log, { force: true })
  await closed('-e', code)
  expect(readFileSync(log, 'utf8')).toMatch(/connect|dns/)
  rmSync(log, { force: true })
})
