import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { getRun, listRuns } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { findWeights, insertRunWith } from '#main/export/startingWeights.ts'
import { importWeightsAsRun } from '#main/export/weightsAsRun.ts'
import { reproducing } from '#main/engine/engine.ts'
import { costAt } from '#main/engine/reference/costAt.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { thetaFromWeights } from '#shared/model/theta.ts'
import { makeDataset, makeDraft, makeFolder, makeLibrary, makeRun } from '../db/makeLibrary.ts'
import { exportedOf, writers } from './exported.ts'

const newRun = (datasetId: number, hidden: number) => ({
  name: 'again',
  datasetId,
  config: { ...defaultConfig, hidden },
  preset: null,
  tags: [],
  appVersion: '0.0.0-test',
  machine: 'a test machine',
})
const asRun = (file: string, more: { dataset?: string; name?: string } = {}) => ({
  path: file,
  tags: [],
  settings: {},
  appVersion: '0.0.0-test',
  machine: 'a test machine',
  ...more,
})

function writeWeights(format: string, h: number, n: number): string {
  const file = path.join(makeFolder(), `W.${format}`)
  writeFileSync(file, writers[format](exportedOf(h, n, { activation: 'tanh', rho: 0.05 })))
  return file
}

test.each(Object.keys(writers))('a run starts from weights in %s, and says so', async (format) => {
  const library = makeLibrary()
  const datasetId = await makeDataset(library)
  const file = writeWeights(format, 3, 4)
  const id = await insertRunWith(
    library,
    newRun(datasetId, 3),
    await findWeights(library, { kind: 'file', path: file }),
  )
  expect(getRun(library, id).initialWeights).toEqual({ kind: 'file', file })
  expect(readSnapshot(library, id, 0)?.weights).toEqual(exportedOf(3, 4).weights)
})

test("a run starts from another's snapshot at or before an iteration, or from its newest", async () => {
  const library = makeLibrary()
  const from = await makeRun(library, { name: 'edges', iterations: 11, snapshots: [0, 5, 10] })
  const { datasetId } = getRun(library, from)
  const start = async (iteration: number | null) =>
    insertRunWith(
      library,
      newRun(datasetId, 3),
      await findWeights(library, { kind: 'run', runId: from, iteration }),
    )
  const id = await start(7)
  expect(getRun(library, id).initialWeights).toEqual({
    kind: 'run',
    runId: from,
    name: 'edges',
    iteration: 5,
  })
  expect(readSnapshot(library, id, 0)?.weights).toEqual(readSnapshot(library, from, 5)?.weights)
  expect(getRun(library, await start(null)).initialWeights).toMatchObject({ iteration: 10 })
})

test.each([
  [3, 9, 'weights for patches of 9 values; those of "photos" have 4. Choose a dataset'],
  [5, 4, 'weights of 5 hidden units; this run has 3. Set the hidden units to 5'],
])('weights of %i units for %i values are refused with what differs', async (h, n, sentence) => {
  const library = makeLibrary()
  const datasetId = await makeDataset(library)
  const found = await findWeights(library, { kind: 'file', path: writeWeights('npz', h, n) })
  await expect(insertRunWith(library, newRun(datasetId, 3), found)).rejects.toThrow(`W.npz: ${sentence}`)
  expect(listRuns(library)).toEqual([])
})

test('a file of weights becomes a finished run with the cost it has on the dataset', async () => {
  const library = makeLibrary()
  await makeDataset(library, {
    name: 'others',
    n: 9,
    patchSize: 3,
    preview: { count: 0, before: null, after: new Float32Array() },
  })
  const draft = makeDraft()
  await makeDataset(library)
  const file = writeWeights('npz', 3, 4)
  const run = getRun(library, await importWeightsAsRun(library, asRun(file)))
  const theta = thetaFromWeights(exportedOf(3, 4).weights)
  const cost = costAt(theta, { n: 4, h: 3 }, run.config, reproducing(draft.patches), draft.m)
  expect(run).toMatchObject({ name: 'W', status: 'finished', datasetName: 'photos', iterations: 0 })
  expect(run.config).toMatchObject({ hidden: 3, activation: 'tanh', rho: 0.05 })
  expect(run.cost).toBeCloseTo(cost, 4)
  expect(run.initialWeights).toEqual({ kind: 'file', file })
  expect(readSnapshot(library, run.id, 0)?.rhoHat[0]).toBeCloseTo(run.rhoHat?.min ?? NaN, 5)
})

test('weights that no dataset fits are refused, and nothing is kept', async () => {
  const library = makeLibrary()
  await makeDataset(library)
  const file = writeWeights('json', 3, 9)
  await expect(importWeightsAsRun(library, asRun(file))).rejects.toThrow(/no dataset here has such/)
  await expect(importWeightsAsRun(library, asRun(file, { dataset: 'photos' }))).rejects.toThrow(
    /those of "photos" have 4/,
  )
  expect(listRuns(library)).toEqual([])
})
