import { spawn } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest'
import { openLibrary } from '#db/library.ts'
import { listDatasets } from '#db/queries/datasets.ts'
import { listRuns } from '#db/queries/runs.ts'
import { exportRun } from '#main/export/exportRun.ts'
import { writeBundle } from '#main/export/bundle/writeBundle.ts'
import { findFaults } from '../../scripts/torture/findFaults.ts'
import { makeDataset, makeFolder, makeRun } from '../db/makeLibrary.ts'
import { temporaryFolder } from './runLab.ts'

// Ctrl-C in the middle: status 130 and one sentence, nothing on standard output, and nothing half done.

const lab = fileURLToPath(new URL('../../main/cli/lab.ts', import.meta.url))
let folder: string
let library: string
let weights: string

beforeAll(async () => {
  folder = await temporaryFolder()
  library = path.join(folder, 'library')
  weights = path.join(folder, 'w.npz')
  const opened = openLibrary(library)
  const patches = Float32Array.from({ length: 40_000 * 64 }, (_, i) => 0.1 + (0.8 * ((i * 7) % 11)) / 10)
  const datasetId = await makeDataset(opened, { patches, m: 40_000, n: 64, patchSize: 8, positions: null })
  const snapshots = Array.from({ length: 60 }, (_, k) => k)
  for (let k = 0; k < 6; k++)
    await makeRun(opened, { datasetId, iterations: 60, snapshots, status: 'finished' })
  await exportRun(opened, 1, { format: 'npz', file: weights })
  await writeBundle(opened, [1, 2, 3, 4, 5, 6], path.join(folder, 'b.rholab'), { patches: true })
  opened.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

// Other tests' processes sweep what is unfinished too.
beforeEach(() => void vi.stubEnv('XDG_CACHE_HOME', makeFolder()))
afterEach(() => void vi.unstubAllEnvs())

/** Sends what Ctrl-C sends once something is to be seen. */
async function interrupt(isUnderWay: () => boolean, ...args: string[]) {
  const child = spawn(process.execPath, [lab, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.on('data', (text) => (stderr += text))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  while (child.exitCode === null && !isUnderWay()) await sleep(1)
  child.kill('SIGINT')
  return { code: await ended, stdout, stderr }
}

/** A library's file that is there while somebody has it open. */
const isOpen = (library: string) => () => existsSync(path.join(library, 'library.sqlite-shm'))

const partsIn = (folder: string) =>
  readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.part'))

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  test.each([
    ['gradcheck', ['--dataset', '1', '--engine', 'reference', '--hidden', '100', '--patches', '20000']],
    ['evaluate', ['--dataset', '1']],
  ])('ends %s in the middle of what it computes', async (command, args) => {
    const given = command === 'evaluate' ? ['--weights', weights] : []
    const result = await interrupt(isOpen(library), command, ...given, ...args, '--library', library)
    expect(result).toEqual({ code: 130, stdout: '', stderr: 'lab: Stopped. The library is as it was.\n' })
  })

  test('ends generate, and there is no dataset', async () => {
    const own = path.join(makeFolder(), 'library')
    const args = ['generate', 'natural', '--patches', '50000', '--normalize', 'zca', '--library', own]
    const { code, stdout, stderr } = await interrupt(isOpen(own), ...args)
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(stderr).toContain('The library is as it was.')
    const opened = openLibrary(own)
    onTestFinished(() => opened.close())
    expect(listDatasets(opened)).toEqual([])
  })

  test('ends generate --out, and says how many images are there', async () => {
    const out = makeFolder()
    const { code, stderr } = await interrupt(
      () => readdirSync(out).length > 0,
      'generate',
      'natural',
      '--out',
      out,
    )
    expect(code).toBe(130)
    const count = readdirSync(out).length
    expect(stderr).toBe(
      `lab: Stopped. ${count} ${count === 1 ? 'image was' : 'images were'} written to ${out}.\n`,
    )
    expect(partsIn(out)).toEqual([])
  })

  test('ends open, and nothing of the bundle is in the library', async () => {
    const own = path.join(makeFolder(), 'library')
    openLibrary(own).close()
    const watched = openLibrary(own)
    onTestFinished(() => watched.close())
    const bundle = path.join(folder, 'b.rholab')
    const result = await interrupt(() => listRuns(watched).length > 0, 'open', bundle, '--library', own)
    expect(result).toEqual({ code: 130, stdout: '', stderr: 'lab: Stopped. The library is as it was.\n' })
    expect(listRuns(watched)).toEqual([])
    expect(listDatasets(watched)).toEqual([])
    expect(findFaults(own)).toEqual([])
  })

  test.each([
    ['bundle', ['bundle', '1', '2', '3', '4', '5', '6', '--patches', '--out'], 'b.rholab'],
    ['export of a CSV', ['export', '1', '--format', 'csv', '--what', 'rhoHat', '--out'], 'r.csv'],
    ['export for TensorBoard', ['export', '1', '--format', 'tensorboard', '--out'], '.'],
    ['export for MLflow', ['export', '1', '--format', 'mlflow', '--out'], '.'],
  ])('ends %s, and no half of it is left', async (_, args, name) => {
    for (;;) {
      const out = makeFolder()
      const isWriting = () => partsIn(out).length > 0
      const { code, stdout, stderr } = await interrupt(
        isWriting,
        ...args,
        path.join(out, name),
        '--library',
        library,
      )
      // On a busy machine it may have been done before anybody looked.
      if (code === 0) continue
      expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
      expect(stderr).toMatch(/^lab: Stopped\. .* was not written\.\n$/)
      expect(partsIn(out)).toEqual([])
      break
    }
  })
})
