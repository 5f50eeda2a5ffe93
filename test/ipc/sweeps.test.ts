import { afterEach, beforeEach, expect, test } from 'vitest'
import { listRuns } from '#db/queries/runs.ts'
import { makeSweep } from '../sweep/makeSweep.ts'
import { openTestLab, type TestLab } from './lab.ts'

let lab: TestLab
beforeEach(async () => void (lab = await openTestLab()))
afterEach(() => lab.close())

test('a sweep is stored, its runs queued, and the window told; stopping and removing it leaves the runs', async () => {
  const datasetId = await lab.insertDataset()
  const sweep = makeSweep()
  const started = await lab.call('sweeps.start', { datasetId, name: 'sparsity', sweep })
  expect(started).toMatchObject({ name: 'sparsity', status: 'running', runs: 4, ended: 0, sweep })
  expect(lab.asked).toEqual(['launch 1', 'changed runs,datasets'])
  expect(lab.sessions.queued()).toEqual([2, 3, 4])
  expect(await lab.send('sweeps.remove', [started.id])).toMatchObject({
    ok: false,
    error: { code: 'conflict' },
  })
  expect(await lab.call('sweeps.stop', started.id)).toMatchObject({ status: 'stopped' })
  expect(lab.sessions.queued()).toEqual([])
  await lab.call('sweeps.remove', started.id)
  expect(await lab.call('sweeps.list')).toEqual([])
  expect(listRuns(lab.library).map(({ sweepId }) => sweepId)).toEqual([null, null, null, null])
})

test('a sweep that makes no sense is refused with its sentence, and nothing is stored', async () => {
  const datasetId = await lab.insertDataset()
  const sweep = makeSweep({ axes: [{ parameter: 'rho', values: { kind: 'list', values: [0.1, 2] } }] })
  const reply = await lab.send('sweeps.start', [{ datasetId, name: '', sweep }])
  expect(reply).toMatchObject({ ok: false, error: { code: 'badInput' } })
  expect(reply.ok || reply.error.message).toContain('ρ cannot be 2')
  expect(await lab.call('sweeps.list')).toEqual([])
})
