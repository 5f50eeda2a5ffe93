import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { insertDataset } from '#db/queries/datasets.ts'
import { writeSnapshot } from '#db/queries/snapshots.ts'
import { readWeights } from '#main/export/importWeights.ts'
import type { ExportKind, ExportRequest } from '#shared/domain/exportRequest.ts'
import type { FilterSpace } from '#shared/filters/pixelFilters.ts'
import type { Source } from '#shared/ipc/contract.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import { openTestLab, tinyDraft, type TestLab } from './lab.ts'

let lab: TestLab
beforeEach(async () => void (lab = await openTestLab()))
afterEach(() => lab.close())

const theta = Float32Array.from({ length: thetaLayout({ n: 4, h: 3 }).length }, (_, i) => Math.sin(i))

async function insertRun(datasetId: number, name: string): Promise<number> {
  const runId = lab.insertRun(datasetId, name)
  await writeSnapshot(lab.library, runId, 0, theta, new Float32Array(3).fill(0.1))
  return runId
}

const requestOf = (runIds: number[], kind: ExportKind): ExportRequest => ({
  runIds,
  kind,
  iteration: null,
  patches: false,
  space: 'whitened',
})

test('one run goes to the file that the user names, with a proposal that every file system takes', async () => {
  const runId = await insertRun(await lab.insertDataset(), 'edges: "λ/4"')
  lab.answers.exportFile = join(lab.folder, 'weights.npz')
  expect(await lab.call('exports.write', requestOf([runId], 'npz'))).toBe(lab.answers.exportFile)
  expect(existsSync(lab.answers.exportFile)).toBe(true)
  expect(lab.asked).toEqual(['export as edges λ 4.npz'])
})

test('the weights of several runs go into a folder, a file each', async () => {
  const datasetId = await lab.insertDataset()
  const runIds = [await insertRun(datasetId, 'a'), await insertRun(datasetId, 'b')]
  lab.answers.exportFolder = join(lab.folder, 'out')
  expect(await lab.call('exports.write', requestOf(runIds, 'mat'))).toBe(lab.answers.exportFolder)
  expect(readdirSync(lab.answers.exportFolder).toSorted()).toEqual([
    `${runIds[0]} a.mat`,
    `${runIds[1]} b.mat`,
  ])
  expect(lab.asked).toEqual(['export into a folder'])
})

test('filter grids go out in pixels where that is chosen; where nothing is whitened they stay as they are', async () => {
  // A patch of 2 × 2 turned by a quarter.
  const whitening = Float32Array.of(0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0)
  const normalisation = { kind: 'zca', epsilon: 0.1 } as const
  const whitened = await insertDataset(lab.library, { ...tinyDraft('turned'), whitening, normalisation })
  const runIds = [await insertRun(whitened, 'turned'), await insertRun(await lab.insertDataset(), 'plain')]
  const written = async (space: FilterSpace, folder: string) => {
    lab.answers.exportFolder = join(lab.folder, folder)
    await lab.call('exports.write', { ...requestOf(runIds, 'png'), space })
    return runIds.map((id, i) =>
      readFileSync(join(lab.folder, folder, `${id} ${['turned', 'plain'][i]}.png`)),
    )
  }
  const [turned, plain] = await written('whitened', 'weights')
  const [turnedPixels, plainPixels] = await written('pixels', 'pixels')
  expect(turnedPixels.equals(turned)).toBe(false)
  expect(plainPixels.equals(plain)).toBe(true)
  // What holds weights holds them as they are, whatever was chosen for pictures.
  lab.answers.exportFile = join(lab.folder, 'w.npz')
  await lab.call('exports.write', { ...requestOf([runIds[0]], 'npz'), space: 'pixels' })
  expect((await readWeights(lab.answers.exportFile)).weights.W1).toEqual(theta.slice(0, 12))
})

test.each([
  ['rholab', 'export as 2 runs.rholab'],
  ['html', 'export as 2 runs.html'],
  ['tensorboard', 'export into a folder'],
  ['mlflow', 'export into a folder'],
] as const)('several runs as %s are one thing', async (kind, asked) => {
  const datasetId = await lab.insertDataset()
  const runIds = [await insertRun(datasetId, 'a'), await insertRun(datasetId, 'b')]
  lab.answers.exportFile = join(lab.folder, `runs.${kind}`)
  lab.answers.exportFolder = join(lab.folder, kind)
  const written = await lab.call('exports.write', requestOf(runIds, kind))
  expect(existsSync(String(written))).toBe(true)
  expect(lab.asked).toEqual([asked])
})

test('a chart that the window drew goes to the file that the user names, byte for byte', async () => {
  const bytes = Uint8Array.of(137, 80, 78, 71)
  const chart = { name: 'Cost: "λ/4"', kind: 'png', bytes } as const
  expect(await lab.call('files.save', chart)).toBeNull()
  lab.answers.exportFile = join(lab.folder, 'cost.png')
  expect(await lab.call('files.save', chart)).toBe(lab.answers.exportFile)
  expect(new Uint8Array(readFileSync(lab.answers.exportFile))).toEqual(bytes)
  expect(lab.asked[0]).toBe('export as Cost λ 4.png')
})

test('what is cancelled writes nothing', async () => {
  const runId = await insertRun(await lab.insertDataset(), 'a')
  expect(await lab.call('exports.write', requestOf([runId], 'png'))).toBeNull()
  expect(await lab.call('exports.write', requestOf([runId], 'mlflow'))).toBeNull()
})

test('a run that is not there is refused before anybody is asked where', async () => {
  expect(await lab.send('exports.write', [requestOf([99], 'npz')])).toMatchObject({
    ok: false,
    error: { code: 'notFound' },
  })
  expect(lab.asked).toEqual([])
})

test.each([
  ['no run', { runIds: [] }],
  ['a run twice', { runIds: [1, 1] }],
  ['an unknown kind', { kind: 'pickle' }],
  ['a path', { file: '/etc/passwd' }],
  ['half an iteration', { iteration: 0.5 }],
  ['an unknown space', { space: 'frequencies' }],
])('a request with %s is refused', async (_what, wrong) => {
  const runId = await insertRun(await lab.insertDataset(), 'a')
  lab.answers.exportFile = join(lab.folder, 'out')
  expect(await lab.send('exports.write', [{ ...requestOf([runId], 'npz'), ...wrong }])).toMatchObject({
    ok: false,
    error: { code: 'badInput' },
  })
  expect(lab.asked).toEqual([])
})

test('a bundle opens in another library, and the window hears of it', async () => {
  const runId = await insertRun(await lab.insertDataset('faces'), 'sparse')
  lab.answers.exportFile = join(lab.folder, 'sparse.rholab')
  await lab.call('exports.write', { ...requestOf([runId], 'rholab'), patches: true })

  const other = await openTestLab()
  try {
    const source = (await other.call('sources.drop', lab.answers.exportFile)) as Source
    expect(source).toMatchObject({ kind: 'bundle', name: 'sparse' })
    const [opened] = await other.call('bundles.open', source.token)
    expect(await other.call('runs.get', opened)).toMatchObject({ name: 'sparse', datasetName: 'faces' })
    expect((await other.call('runs.snapshot', opened, 0))?.weights.W1).toEqual(theta.slice(0, 12))
    expect(other.asked).toEqual(['changed runs,datasets'])
  } finally {
    await other.close()
  }
})

test('what is no bundle is refused in one sentence, and is not imported as images either', async () => {
  const open = async (name: string) => {
    const file = join(lab.folder, name)
    writeFileSync(file, 'not a bundle')
    return (await lab.call('sources.drop', file)) as Source
  }
  const damaged = await open('damaged.rholab')
  const array = await open('array.npy')
  for (const { token } of [damaged, array]) {
    const reply = await lab.send('bundles.open', [token])
    expect(reply).toMatchObject({ ok: false, error: { code: 'badInput' } })
    expect(reply.ok || reply.error.message).toMatch(/^[^\n]+\.$/)
  }
  expect(await lab.send('datasets.import', [damaged.token, 'x', lab.defaultSampling])).toMatchObject({
    ok: false,
    error: { code: 'badInput' },
  })
  expect(lab.asked).toEqual([])
})
