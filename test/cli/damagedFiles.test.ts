import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { labJson, runLab, temporaryFolder } from './runLab.ts'

// A file of the library with one changed bit, or gone: every command that reads it says whose it is and what to do.

let folder: string
let library: string[]
/** Of the patches. */
let hash: string
let runId: number
const out = (name: string) => path.join(folder, name)
const blob = (hash: string) => path.join(folder, 'library', 'blobs', hash)
const blobsOf = (sizeBytes: number) =>
  readdirSync(path.join(folder, 'library', 'blobs')).filter((name) => statSync(blob(name)).size === sizeBytes)

beforeAll(async () => {
  folder = await temporaryFolder()
  library = ['--library', path.join(folder, 'library')]
  await labJson('generate', 'bars', '--patches', '300', '--patch', '4', ...library)
  ;[hash] = blobsOf(4 * 300 * 16)
  const train = ['--dataset', '1', '--hidden', '3', '--iterations', '4', '--engine', 'reference']
  ;({ runId } = await labJson<{ runId: number }>('train', ...train, ...library))
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function flip(hash: string): () => void {
  const bytes = readFileSync(blob(hash))
  const changed = Buffer.from(bytes)
  changed[bytes.length >> 1] ^= 4
  writeFileSync(blob(hash), changed)
  return () => writeFileSync(blob(hash), bytes)
}

async function expectRefused(sentence: RegExp, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await runLab(...args, ...library)
  expect(`${stdout}${stderr}`).toMatch(sentence)
  expect(`${stdout}${stderr}`).not.toMatch(/ENOENT/)
  expect(code).toBe(2)
}

test('patches with one changed bit are trained, evaluated, bundled and checked by nobody, and can be derived again', async () => {
  const restore = flip(hash)
  const damaged = /[Tt]he patches of dataset 1 ".*" are damaged\. Restore .*lab derive 1/
  const train = ['train', '--dataset', '1', '--hidden', '3', '--engine', 'reference', '--iterations', '2']
  await expectRefused(damaged, ...train)
  await expectRefused(damaged, ...train, '--engine', 'onnx')
  await expectRefused(damaged, 'bundle', String(runId), '--patches', '--out', out('b.rholab'))
  restore()
  await labJson('export', String(runId), '--format', 'npz', '--out', out('w.npz'), ...library)
  flip(hash)
  await expectRefused(damaged, 'evaluate', '--weights', out('w.npz'), '--dataset', '1')
  await expectRefused(damaged, 'import-weights', out('w.npz'), '--dataset', '1')
  rmSync(blob(hash))
  await expectRefused(/[Tt]he patches of dataset 1 ".*" are missing\. /, ...train)
  await labJson('derive', '1', ...library)
  await labJson('evaluate', '--weights', out('w.npz'), '--dataset', '1', ...library)
})

test('weights with one changed bit are exported and bundled by nobody; clean --verify lists them and ends with 1', async () => {
  const sound = await runLab('clean', '--verify', ...library)
  expect(sound).toMatchObject({ code: 0, stdout: expect.stringMatching(/all are what they were/) as string })
  const newest = blobsOf(4 * (2 * 3 * 16 + 3 + 16)).toSorted(
    (a, b) => statSync(blob(b)).mtimeMs - statSync(blob(a)).mtimeMs,
  )[0]
  const restore = flip(newest)
  const damaged = new RegExp(`[Tt]he weights of run ${runId} ".*" at iteration \\d are damaged\\. Restore `)
  await expectRefused(damaged, 'bundle', String(runId), '--out', out('b.rholab'))
  const { code, stdout } = await runLab('clean', '--verify', ...library)
  expect(code).toBe(1)
  expect(stdout).toMatch(damaged)
  expect(stdout).toContain(newest)
  restore()
  expect((await runLab('clean', '--verify', ...library)).code).toBe(0)
})
