import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { momentNow } from '#db/clock.ts'
import { openLibrary, type Library } from '#db/library.ts'
import { readCheckpoint } from '#db/queries/checkpoints.ts'
import { insertDataset } from '#db/queries/insertDataset.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { getRun, insertRun, listRuns, markInterrupted } from '#db/queries/runs.ts'
import { listSweepRuns } from '#db/queries/sweepRuns.ts'
import { getSweep } from '#db/queries/sweeps.ts'
import { generateDataset } from '#main/dataset/generate/generateDataset.ts'
import { launchWorkerSession } from '#main/session/launchWorkerSession.ts'
import { createSessions } from '#main/session/sessions.ts'
import type { Sessions } from '#main/session/supervisor.ts'
import { createSweeps, type Sweeps } from '#main/sweep/sweeps.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import type { Sweep } from '#shared/domain/sweep.ts'
import { makeSweep } from './makeSweep.ts'

let library: Library
let datasetId: number
let sessions: Sessions<never>
let sweeps: Sweeps
let closing: (() => Promise<void>)[]
const waiting = new Set<() => void>()

/** The sessions and sweeps of one process. */
function openProcess() {
  sessions = createSessions<never>({
    library,
    parallel: 1,
    launch: launchWorkerSession,
    onChange(runId) {
      sweeps.runChanged(runId)
      waiting.forEach((look) => look())
    },
  })
  const { close } = sessions
  sweeps = createSweeps({ library, sessions, onChange: () => waiting.forEach((look) => look()) })
  const closeSweeps = sweeps.close
  closing.push(() => {
    closeSweeps()
    return close.call(sessions)
  })
}

beforeEach(async () => {
  library = openLibrary(await mkdtemp(path.join(os.tmpdir(), 'rho-lab-test-')))
  const normalisation = { kind: 'none' } as const
  const sampling = { ...defaultSampling, patches: 300, patchSize: 4, normalisation }
  datasetId = await insertDataset(library, await generateDataset('bars', { name: 'bars', sampling }))
  closing = []
  openProcess()
})

afterEach(async () => {
  for (const close of closing) await close()
  library.close()
})

const base: RunConfig = { ...defaultConfig, hidden: 8, rho: 0.1, engine: 'reference', iterations: 20 }
// Adam at a constant rate never converges.
const endless = { ...base, iterations: 100_000, optimiser: 'adam' } as const

function start(change: Partial<Sweep> = {}): number {
  const axes = [{ parameter: 'hidden', values: { kind: 'list', values: [4, 6, 8] } }] satisfies Sweep['axes']
  const sweep = makeSweep({ base, axes, measure: 'reconstruction', ...change })
  return sweeps.start({ name: '', datasetId, sweep, appVersion: '0', machine: 'test' })
}

function until(check: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!check()) return
      waiting.delete(look)
      resolve()
    }
    waiting.add(look)
    look()
  })
}
const statusIs = (id: number, status: string) => until(() => getSweep(library, id).status === status)
const statuses = (id: number) => listSweepRuns(library, id).map(({ status }) => status)

describe('a grid', () => {
  test('is carried out to the end, and its runs are what they would be alone', async () => {
    const id = start()
    await statusIs(id, 'finished')
    const runs = listRuns(library).toReversed()
    expect(runs.map(({ status, iterations }) => [status, iterations])).toEqual(
      runs.map(() => ['finished', 20]),
    )
    const alone = insertRun(library, {
      name: 'alone',
      datasetId,
      config: runs[1].config,
      preset: null,
      tags: [],
      appVersion: '0',
      machine: 'test',
    })
    sessions.enqueue(alone)
    await until(() => getRun(library, alone).status === 'finished')
    expect(getRun(library, alone).cost).toBe(runs[1].cost)
  })

  test('goes on when one run fails, and when one is stopped by hand', async () => {
    const axes = [
      { parameter: 'learningRate', values: { kind: 'list', values: [0.01, 100, 0.001] } },
    ] satisfies Sweep['axes']
    const diverging = { ...base, optimiser: 'sgd', decoder: 'linear', momentum: 0.99, beta: 0 } as const
    const id = start({ base: diverging, axes })
    const last = listSweepRuns(library, id)[2].id
    sessions.stop(last)
    await statusIs(id, 'finished')
    expect(statuses(id)).toEqual(['finished', 'failed', 'stopped'])
  })
})

test('successive halving: the worse ones stop at the comparison with a checkpoint and say why', async () => {
  const id = start({ halving: { eta: 3, firstIterations: 5 } })
  await statusIs(id, 'finished')
  const runs = listSweepRuns(library, id).map((run) => ({ ...run, series: readSeries(library, run.id, -1) }))
  const byValue = runs.toSorted((a, b) => a.series.reconstruction[5] - b.series.reconstruction[5])
  expect(byValue.map(({ status, iterations }) => [status, iterations])).toEqual([
    ['finished', 20],
    ['stopped', 5],
    ['stopped', 5],
  ])
  expect(byValue[2].message).toBe(
    'Stopped by the sweep after 5 iterations: rank 3 of 3, only the best went on.',
  )
  expect(byValue[0].message).toBeNull()
  expect(readCheckpoint(library, byValue[2].id)).not.toBeNull()
  // One that is out can be taken up by hand, and then goes to its end.
  sessions.enqueue(byValue[2].id)
  await until(() => getRun(library, byValue[2].id).status === 'finished')
  expect(getRun(library, byValue[2].id).iterations).toBe(20)
})

test('stopping a sweep stops its waiting runs, keeps a checkpoint of the running one; resuming goes on', async () => {
  const id = start({ base: { ...endless, iterations: 60 } })
  const [first] = listSweepRuns(library, id)
  await until(() => getRun(library, first.id).iterations > 2)
  sweeps.stop(id)
  await until(() => statuses(id).every((status) => status === 'stopped'))
  expect(getSweep(library, id).status).toBe('stopped')
  expect(getRun(library, first.id).hasCheckpoint).toBe(true)
  expect(() => sweeps.stop(id)).toThrow(/is stopped/)
  sweeps.resume(id)
  await statusIs(id, 'finished')
  expect(statuses(id)).toEqual(['finished', 'finished', 'finished'])
  expect(() => sweeps.resume(id)).toThrow(/is finished/)
})

test('a sweep whose process ended can be resumed by another, halving as if nothing had been', async () => {
  const id = start({ base: { ...endless, iterations: 30 }, halving: { eta: 3, firstIterations: 10 } })
  const [first] = listSweepRuns(library, id)
  await until(() => getRun(library, first.id).iterations > 2)
  // As at quitting: nothing goes on from here.
  await closing.pop()!()
  markInterrupted(library, { ...momentNow(), clockMs: momentNow().clockMs + 60_000 })
  expect(getSweep(library, id).status).toBe('interrupted')
  openProcess()
  sweeps.resume(id)
  await statusIs(id, 'finished')
  expect(statuses(id).toSorted()).toEqual(['finished', 'stopped', 'stopped'])
})
