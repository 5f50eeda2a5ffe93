import { describe, expect, test } from 'vitest'
import { momentNow } from '#db/clock.ts'
import {
  claimRun,
  endRun,
  findRun,
  getRun,
  insertRun,
  listRuns,
  removeRuns,
  renameRun,
  setEngine,
  setNotes,
  setTags,
} from '#db/queries/runs.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { writeCheckpoint } from '#db/queries/checkpoints.ts'
import { changeCounter, countAll } from '#db/queries/changes.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { makeDataset, makeLibrary, makeRun } from './makeLibrary.ts'

describe('a new run', () => {
  test('is queued, and knows its settings, its dataset and where it was made', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const config = { ...defaultConfig, hidden: 3, seed: 0xffffffff }
    const id = insertRun(library, {
      name: ' edges ',
      datasetId,
      config,
      preset: 'edges',
      tags: ['b', 'a', 'b', ' '],
      appVersion: '1.2.3',
      machine: '2 cores',
    })
    expect(getRun(library, id)).toMatchObject({
      id,
      name: 'edges',
      status: 'queued',
      outcome: null,
      message: null,
      datasetId,
      datasetName: 'photos',
      datasetPatches: 6,
      datasetHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      config,
      preset: 'edges',
      tags: ['a', 'b'],
      startedAt: null,
      endedAt: null,
      iterations: 0,
      cost: null,
      rhoHat: null,
      deadUnits: null,
      evaluations: 0,
      elapsedMs: 0,
      engine: null,
      hasCheckpoint: false,
      visible: 4,
      patchSize: 2,
      channels: 1,
      notes: '',
      snapshots: [],
      appVersion: '1.2.3',
      engineVersions: {},
      machine: '2 cores',
    })
    expect(listRuns(library)[0]).toMatchObject({ id, tags: ['a', 'b'], config })
  })

  test('without a name is called by its number', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { name: '  ' })
    expect(getRun(library, id).name).toBe(`Run ${id}`)
  })

  test('needs a dataset that is there', async () => {
    const library = makeLibrary()
    await expect(makeRun(library, { datasetId: 5 })).rejects.toMatchObject({ code: 'notFound' })
  })

  test('never gets the number of a removed one', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    removeRuns(library, [id])
    expect(await makeRun(library)).toBe(id + 1)
  })
})

describe('finding a run', () => {
  test('takes the number first, then a name that means one run', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const ids = [
      await makeRun(library, { datasetId, name: 'Edges' }),
      await makeRun(library, { datasetId, name: 'edges' }),
      await makeRun(library, { datasetId, name: 'bars' }),
      await makeRun(library, { datasetId, name: 'bars' }),
      await makeRun(library, { datasetId, name: 'tanh' }),
    ]
    expect(findRun(library, String(ids[3])).id).toBe(ids[3])
    expect(findRun(library, 'edges').id).toBe(ids[1])
    expect(findRun(library, 'Edges').id).toBe(ids[0])
    expect(findRun(library, 'TANH').id).toBe(ids[4])
    expect(() => findRun(library, 'bars')).toThrow(/2 runs are called "bars" \(3, 4\)/)
    expect(() => findRun(library, 'EDGES')).toThrow(expect.objectContaining({ code: 'conflict' }))
    expect(() => findRun(library, '99')).toThrow(/no run "99".*5 "tanh"/)
  })

  test('in an empty library says what to do', () => {
    const library = makeLibrary()
    expect(() => findRun(library, 'x')).toThrow(/none yet; train one/)
    expect(() => getRun(library, 1)).toThrow(expect.objectContaining({ code: 'notFound' }))
  })
})

describe('editing a run', () => {
  test('name, notes, tags and engine', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { tags: ['old'] })
    const engine = {
      engine: 'onnx',
      backend: 'ONNX Runtime 1.30.0',
      device: 'CPU',
      precision: 'float32',
      reason: 'r',
    } as const
    renameRun(library, id, ' new ')
    setNotes(library, id, 'Looks like edges.\nReally.')
    setTags(library, id, ['z', 'a'])
    setEngine(library, id, engine, { onnxruntime: '1.30.0' })
    expect(getRun(library, id)).toMatchObject({
      name: 'new',
      notes: 'Looks like edges.\nReally.',
      tags: ['a', 'z'],
      engine,
      engineVersions: { onnxruntime: '1.30.0' },
    })
  })

  test('refuses nonsense and leaves the run as it was', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { tags: ['old'] })
    const badInput = expect.objectContaining({ code: 'badInput' })
    expect(() => renameRun(library, id, '')).toThrow(badInput)
    expect(() => renameRun(library, id, 'x'.repeat(201))).toThrow(badInput)
    expect(() => setTags(library, id, ['ok', 'x'.repeat(61)])).toThrow(badInput)
    expect(() =>
      setTags(
        library,
        id,
        Array.from({ length: 51 }, (_, k) => `t${k}`),
      ),
    ).toThrow(badInput)
    expect(getRun(library, id)).toMatchObject({ name: 'edges', tags: ['old'] })
    for (const edit of [renameRun, setNotes]) {
      expect(() => edit(library, 99, 'x')).toThrow(expect.objectContaining({ code: 'notFound' }))
    }
    expect(() => setTags(library, 99, [])).toThrow(expect.objectContaining({ code: 'notFound' }))
  })
})

describe('removing runs', () => {
  test('takes everything of them with it, and nothing of others', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const options = { datasetId, iterations: 4, snapshots: [0, 3], tags: ['t'] }
    const [gone, kept] = [await makeRun(library, options), await makeRun(library, options)]
    await writeCheckpoint(library, gone, 3, Uint8Array.of(1, 2, 3))
    removeRuns(library, [gone, gone])
    for (const table of ['run_tags', 'iterations', 'rho_hats', 'snapshots', 'checkpoints']) {
      const count = library.db.prepare(`SELECT count(*) FROM ${table} WHERE run_id = ?`).pluck()
      expect([table, count.get(gone)]).toEqual([table, 0])
    }
    // Both runs began with the same weights, kept once: they are still the other's.
    expect(getRun(library, kept).snapshots).toHaveLength(2)
    expect(readSeries(library, kept, -1).count).toBe(4)
    const before = library.blobs.list().length
    removeRuns(library, [kept])
    expect(library.blobs.list()).toHaveLength(before - 2)
  })

  test('refuses a running one, and then removes none', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const [idle, busy] = [
      await makeRun(library, { datasetId }),
      await makeRun(library, { datasetId, status: 'running' }),
    ]
    expect(() => removeRuns(library, [idle, busy])).toThrow(/running.*Stop it/)
    expect(() => removeRuns(library, [idle, 99])).toThrow(expect.objectContaining({ code: 'notFound' }))
    expect(listRuns(library)).toHaveLength(2)
    endRun(library, busy, { status: 'stopped', outcome: 'stopped', message: null, now: momentNow() })
    removeRuns(library, [idle, busy])
    expect(listRuns(library)).toEqual([])
  })
})

test('the newest run comes first, with what it has reached', async () => {
  const library = makeLibrary()
  const datasetId = await makeDataset(library)
  await makeRun(library, { datasetId })
  const id = await makeRun(library, { datasetId, iterations: 3 })
  await writeCheckpoint(library, id, 2, Uint8Array.of(1))
  const [newest, oldest] = listRuns(library)
  expect(oldest.id).toBe(1)
  expect(newest).toMatchObject({
    id,
    iterations: 2,
    evaluations: 5,
    elapsedMs: 20,
    hasCheckpoint: true,
    deadUnits: 0,
  })
  expect(newest.cost).toBeCloseTo(2 / 3 + 0.25, 15)
  expect(newest.rhoHat?.mean).toBeCloseTo(0.02, 8)
})

test('writes of another connection are noticed; own ones are not', async () => {
  const library = makeLibrary()
  const other = makeLibrary(library.folder)
  const before = changeCounter(library)
  const id = await makeRun(library)
  expect(changeCounter(library)).toBe(before)
  claimRun(other, id, 'other', momentNow())
  expect(changeCounter(library)).not.toBe(before)
  expect(countAll(library)).toEqual({ runs: 1, datasets: 1 })
})
