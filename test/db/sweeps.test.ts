import { beforeEach, expect, test } from 'vitest'
import { momentNow } from '#db/clock.ts'
import type { Library } from '#db/library.ts'
import { removeDataset } from '#db/queries/datasets.ts'
import { claimRun, endRun, getRun, listRuns, removeRuns } from '#db/queries/runs.ts'
import { explainStop, listSweepRuns, measureAt, setStopAfter, stopAfterOf } from '#db/queries/sweepRuns.ts'
import {
  findSweep,
  getSweep,
  insertSweep,
  listSweeps,
  removeSweep,
  setSweepStatus,
  type NewSweep,
} from '#db/queries/sweeps.ts'
import { appendIterations } from '#db/queries/iterations.ts'
import { planSweep } from '#shared/domain/planSweep.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import type { Sweep } from '#shared/domain/sweep.ts'
import { makeDataset, makeLibrary, makeRecord } from './makeLibrary.ts'

const sweep: Sweep = {
  base: { ...defaultConfig, hidden: 3 },
  axes: [{ parameter: 'rho', values: { kind: 'list', values: [0.01, 0.05] } }],
  strategy: { kind: 'grid' },
  halving: null,
  repeats: 1,
  measure: 'reconstruction',
}

let library: Library
let datasetId: number
beforeEach(async () => {
  library = makeLibrary()
  datasetId = await makeDataset(library)
})

function addSweep(change: Partial<NewSweep> = {}): number {
  const runs = planSweep(sweep).map(({ config }) => ({ config, datasetId, name: `ρ ${config.rho}` }))
  const maker = { appVersion: '0', machine: 'test' }
  return insertSweep(library, { name: 'sparsity', datasetId, sweep, runs, ...maker, ...change })
}
const runIds = (id: number) => listSweepRuns(library, id).map((run) => run.id)
const end = (id: number, status: 'finished' | 'failed' | 'stopped') => {
  claimRun(library, id, 'test', momentNow())
  endRun(library, id, { status, outcome: null, message: null, now: momentNow() })
}

test('a sweep is stored whole, with its runs in the order of its plan', () => {
  const id = addSweep()
  expect(getSweep(library, id)).toMatchObject({
    name: 'sparsity',
    datasetId,
    sweep,
    status: 'running',
    runs: 2,
    ended: 0,
    failed: 0,
  })
  expect(listSweepRuns(library, id).map(({ name, config }) => [name, config.rho])).toEqual([
    ['ρ 0.01', 0.01],
    ['ρ 0.05', 0.05],
  ])
  expect(listRuns(library).map(({ sweepId }) => sweepId)).toEqual([id, id])
})

test('without its dataset, nothing of it is stored', () => {
  expect(() => addSweep({ datasetId: 99 })).toThrow(/no dataset 99/)
  const fine = { config: sweep.base, datasetId, name: 'fine' }
  const tooLong = { ...fine, name: 'x'.repeat(500) }
  expect(() => addSweep({ runs: [fine, tooLong] })).toThrow(/at most 200/)
  expect([listSweeps(library), listRuns(library)]).toEqual([[], []])
})

test('it counts what has ended and what failed, and shows as interrupted when nobody carries it on', () => {
  const id = addSweep()
  const [first, second] = runIds(id)
  end(first, 'failed')
  expect(getSweep(library, id)).toMatchObject({ status: 'running', ended: 1, failed: 1 })
  end(second, 'stopped')
  expect(getSweep(library, id)).toMatchObject({ status: 'interrupted', ended: 2 })
  setSweepStatus(library, id, 'finished')
  expect(getSweep(library, id).status).toBe('finished')
})

test('the newest comes first; one is found by number or name, and a name must mean one', () => {
  const [first, second] = [addSweep({ name: '' }), addSweep()]
  expect(listSweeps(library).map(({ name }) => name)).toEqual(['sparsity', `Sweep ${first}`])
  expect(findSweep(library, `sweep ${first}`).id).toBe(first)
  expect(findSweep(library, String(second)).id).toBe(second)
  expect(() => findSweep(library, 'width')).toThrow(/no sweep "width".*sparsity/)
  addSweep()
  expect(() => findSweep(library, 'sparsity')).toThrow(/2 sweeps are called/)
})

test('the measure is read at an iteration, or at the last one before it; NaN is none', () => {
  const [run] = runIds(addSweep())
  expect(measureAt(library, run, 'cost', 10)).toBeNull()
  appendIterations(library, run, [makeRecord(0), makeRecord(1), { ...makeRecord(2), cost: NaN }])
  expect(measureAt(library, run, 'cost', 1)).toBe(makeRecord(1).cost)
  expect(measureAt(library, run, 'reconstruction', 10)).toBe(makeRecord(2).reconstruction)
  expect(measureAt(library, run, 'cost', 10)).toBeNull()
  expect(measureAt(library, run, 'validation', 10)).toBe(makeRecord(2).validation)
})

test('where a run is to stop is kept; why it stopped is said of stopped runs only', () => {
  const [first, second] = runIds(addSweep())
  expect(stopAfterOf(library, first)).toBeNull()
  setStopAfter(library, first, 44)
  expect(stopAfterOf(library, first)).toBe(44)
  end(first, 'stopped')
  end(second, 'finished')
  for (const id of [first, second]) explainStop(library, id, 'Stopped by the sweep.')
  expect(getRun(library, first).message).toBe('Stopped by the sweep.')
  expect(getRun(library, second).message).toBeNull()
})

test('a removed sweep leaves its runs behind; removed runs leave the sweep; a removed dataset takes it along', () => {
  const id = addSweep()
  expect(() => removeSweep(library, id)).toThrow(/"sparsity" is running/)
  const ids = runIds(id)
  for (const run of ids) end(run, 'finished')
  setSweepStatus(library, id, 'finished')
  removeSweep(library, id)
  expect(listRuns(library).map(({ sweepId }) => sweepId)).toEqual([null, null])
  const other = addSweep()
  removeRuns(library, [...ids, ...runIds(other)])
  expect(getSweep(library, other)).toMatchObject({ runs: 0, status: 'interrupted' })
  removeDataset(library, datasetId)
  expect(listSweeps(library)).toEqual([])
})
