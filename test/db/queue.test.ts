import os from 'node:os'
import { expect, test } from 'vitest'
import { claimName, newOwner } from '#db/owner.ts'
import { listQueue, requestPause, setTurns } from '#db/queries/queue.ts'
import { claimRun, getRun, heartbeat, queueRun } from '#db/queries/runs.ts'
import type { Moment } from '#db/clock.ts'
import { makeDataset, makeLibrary, makeRun } from './makeLibrary.ts'

const at = (seconds: number): Moment => ({
  date: new Date(1_700_000_000_000 + 1000 * seconds),
  clockMs: 1000 * seconds,
})

test('the queue is told owner by owner: what trains, then what waits, in the order of its turns', async () => {
  const library = makeLibrary()
  const datasetId = await makeDataset(library)
  const [trains, second, first, elsewhere, ended] = [
    await makeRun(library, { datasetId }),
    await makeRun(library, { datasetId }),
    await makeRun(library, { datasetId }),
    await makeRun(library, { datasetId }),
    await makeRun(library, { datasetId, status: 'finished' }),
  ]
  const owner = newOwner()
  claimRun(library, trains, claimName(owner, 1), at(0))
  queueRun(library, second, owner, at(0), 1)
  queueRun(library, first, owner, at(0), 2)
  const turns = [
    [first, 1],
    [second, 2],
  ] as const
  setTurns(library, owner, turns)
  // Another's word on the order of this queue comes too late.
  setTurns(library, newOwner(), [[second, 0]])
  queueRun(library, elsewhere, 'a signature of an earlier Rho Lab', at(0), 7)
  const queue = listQueue(library)
  const { pid } = process
  const here = { program: 'commandLine', pid, host: os.hostname() }
  expect(queue.map(({ runId, status, place, process }) => ({ runId, status, place, process }))).toEqual(
    expect.arrayContaining([
      { runId: trains, status: 'running', place: null, process: here },
      { runId: first, status: 'queued', place: 1, process: here },
      { runId: second, status: 'queued', place: 2, process: here },
      { runId: elsewhere, status: 'queued', place: 1, process: null },
    ]),
  )
  const mine = queue.filter(({ process }) => process !== null).map(({ runId }) => runId)
  expect(mine).toEqual([trains, first, second])
  expect(queue.map(({ runId }) => runId)).not.toContain(ended)
})

test('a request to pause reaches the owner, and no other, until it is done', async () => {
  const library = makeLibrary()
  const id = await makeRun(library)
  claimRun(library, id, 'me', at(0))
  requestPause(makeLibrary(library.folder), id, true)
  expect(heartbeat(library, 'you', at(1))).toEqual([])
  expect(heartbeat(library, 'me', at(1))).toEqual([{ runId: id, order: 'pause' }])
  // In mid-iteration: not paused yet, so it is asked again.
  expect(heartbeat(library, 'me', at(2))).toEqual([{ runId: id, order: 'pause' }])
  expect(heartbeat(library, 'me', at(3), [id])).toEqual([])
  expect(getRun(library, id).status).toBe('paused')
  requestPause(library, id, false)
  expect(heartbeat(library, 'me', at(4), [id])).toEqual([{ runId: id, order: 'continue' }])
  expect(heartbeat(library, 'me', at(5))).toEqual([])
  expect(getRun(library, id).status).toBe('running')
})

test('what does not have its turn cannot be paused, and says what can be done instead', async () => {
  const library = makeLibrary()
  const id = await makeRun(library)
  expect(() => requestPause(library, id, true)).toThrow(/stop it to take it out of the queue/)
  expect(() => requestPause(library, 99, true)).toThrow(expect.objectContaining({ code: 'notFound' }))
})
