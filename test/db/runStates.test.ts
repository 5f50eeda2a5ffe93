import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { momentNow, type Moment } from '#db/clock.ts'
import {
  claimRun,
  endRun,
  getRun,
  heartbeat,
  markInterrupted,
  queueRun,
  requestStop,
  type RunEnd,
} from '#db/queries/runs.ts'
import { runStatuses, transitions, type RunStatus } from '#shared/domain/run.ts'
import { LabError } from '#shared/domain/labError.ts'
import { makeDataset, makeLibrary, makeRun } from './makeLibrary.ts'

const at = (seconds: number): Moment => ({
  date: new Date(1_700_000_000_000 + 1000 * seconds),
  clockMs: 1000 * seconds,
})
const conflict = expect.objectContaining({ code: 'conflict' })
const lost = expect.objectContaining({ code: 'lostRun' })
const ended = (status: RunEnd['status'], seconds = 0): RunEnd => ({
  status,
  outcome: null,
  message: null,
  now: at(seconds),
})

describe('claiming a run', () => {
  test('makes it running, from every state that allows it', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    for (const status of runStatuses) {
      const id = await makeRun(library, { datasetId, status })
      const claim = () => claimRun(library, id, 'me', at(0))
      // A paused run goes on by its owner's word alone.
      const isFree = status !== 'paused' && transitions[status].includes('running')
      if (isFree) claim()
      else expect(claim).toThrow(conflict)
      expect(getRun(library, id).status).toBe(isFree ? 'running' : status)
    }
    expect(() => claimRun(library, 99, 'me', at(0))).toThrow(expect.objectContaining({ code: 'notFound' }))
  })

  test('succeeds for one of two processes', async () => {
    const library = makeLibrary()
    const other = makeLibrary(library.folder)
    const id = await makeRun(library)
    claimRun(library, id, 'first', at(0))
    expect(() => claimRun(other, id, 'second', at(0))).toThrow(/running already/)
    expect(heartbeat(other, 'second', at(1))).toEqual([])
  })

  test('keeps the first start and forgets the last end', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    claimRun(library, id, 'me', at(0))
    endRun(library, id, { status: 'failed', outcome: 'diverged', message: 'Cost became NaN.', now: at(5) })
    expect(getRun(library, id)).toMatchObject({
      outcome: 'diverged',
      message: 'Cost became NaN.',
      endedAt: at(5).date.toISOString(),
    })
    claimRun(library, id, 'me', at(9))
    expect(getRun(library, id)).toMatchObject({
      startedAt: at(0).date.toISOString(),
      endedAt: null,
      outcome: null,
      message: null,
    })
  })
})

describe('stopping', () => {
  test('a running run reaches its owner with the next heartbeat, and no other owner', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const [mine, yours] = [await makeRun(library, { datasetId }), await makeRun(library, { datasetId })]
    claimRun(library, mine, 'me', at(0))
    claimRun(library, yours, 'you', at(0))
    expect(heartbeat(library, 'me', at(1))).toEqual([])
    requestStop(makeLibrary(library.folder), mine)
    expect(heartbeat(library, 'you', at(2))).toEqual([])
    expect(heartbeat(library, 'me', at(2))).toEqual([{ runId: mine, order: 'stop' }])
    endRun(library, mine, ended('stopped'))
    claimRun(library, mine, 'me', at(4))
    expect(heartbeat(library, 'me', at(5))).toEqual([])
  })

  test('at once is another request than with a checkpoint', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    claimRun(library, id, 'me', at(0))
    requestStop(library, id, true)
    expect(heartbeat(library, 'me', at(1))).toEqual([{ runId: id, order: 'stopNow' }])
  })

  test('a queued run stops at once; what has ended cannot be stopped', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    requestStop(library, id)
    expect(getRun(library, id)).toMatchObject({ status: 'stopped', outcome: 'stopped' })
    expect(() => requestStop(library, id)).toThrow(/stopped already/)
    expect(() => requestStop(library, 99)).toThrow(expect.objectContaining({ code: 'notFound' }))
    queueRun(library, id, 'me', at(6))
    expect(getRun(library, id)).toMatchObject({ status: 'queued', outcome: null })
  })
})

describe('a run whose owner is silent', () => {
  test('is interrupted after 15 s, once', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    claimRun(library, id, 'me', at(0))
    expect(markInterrupted(library, at(15))).toEqual([])
    heartbeat(library, 'me', at(10))
    expect(markInterrupted(library, at(25))).toEqual([])
    expect(markInterrupted(library, at(26))).toEqual([id])
    expect(getRun(library, id)).toMatchObject({
      status: 'interrupted',
      message: expect.stringMatching(/Resume/),
    })
    expect(markInterrupted(library, at(26))).toEqual([])
  })

  test('waits in a queue only as long as its owner lives', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    queueRun(library, id, 'me', at(0))
    expect(() => queueRun(library, id, 'another', at(1))).toThrow(/queue of another process/)
    heartbeat(library, 'me', at(10))
    expect(markInterrupted(library, at(20))).toEqual([])
    expect(markInterrupted(library, at(30))).toEqual([id])
    expect(getRun(library, id)).toMatchObject({
      status: 'interrupted',
      message: expect.stringMatching(/queue/),
    })
    heartbeat(library, 'me', at(31))
    expect(getRun(library, id).status).toBe('interrupted')
    queueRun(library, id, 'another', at(32))
    expect(getRun(library, id)).toMatchObject({ status: 'queued', message: null })
  })

  test('is found though the machine was started anew, and its clock with it', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    claimRun(library, id, 'me', at(86_400))
    expect(markInterrupted(library, at(86_390))).toEqual([])
    expect(markInterrupted(library, at(0))).toEqual([id])
  })

  test.each([-86_400, 86_400])(
    'is told from a living one though the date was set %i s on',
    async (seconds) => {
      const library = makeLibrary()
      const datasetId = await makeDataset(library)
      const [living, dead] = [await makeRun(library, { datasetId }), await makeRun(library, { datasetId })]
      claimRun(library, living, 'living', at(0))
      claimRun(library, dead, 'dead', at(0))
      const after = (elapsed: number): Moment => ({
        date: at(seconds + elapsed).date,
        clockMs: at(elapsed).clockMs,
      })
      expect(markInterrupted(library, after(1))).toEqual([])
      heartbeat(library, 'living', after(10))
      expect(markInterrupted(library, after(16))).toEqual([dead])
    },
  )

  test('is paused again, not running, when a paused one comes back', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { status: 'paused' })
    expect(getRun(library, id).status).toBe('paused')
    markInterrupted(library, { ...momentNow(), clockMs: momentNow().clockMs + 60_000 })
    expect(getRun(library, id).status).toBe('interrupted')
    heartbeat(library, 'test', momentNow(), [id])
    expect(getRun(library, id).status).toBe('paused')
    heartbeat(library, 'test', momentNow())
    expect(getRun(library, id).status).toBe('running')
  })

  test('runs again when the owner comes back before anybody claims it', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    claimRun(library, id, 'sleeper', at(0))
    markInterrupted(library, at(100))
    heartbeat(library, 'sleeper', at(101))
    expect(getRun(library, id)).toMatchObject({ status: 'running', message: null, endedAt: null })
  })

  test('that ends before the owner says it is back ends well', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    claimRun(library, id, 'sleeper', at(0))
    markInterrupted(library, at(100))
    endRun(library, id, ended('finished', 101))
    expect(getRun(library, id).status).toBe('finished')
  })

  test('belongs to whoever claims it; the first owner cannot end it or take it back', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    claimRun(library, id, 'sleeper', at(0))
    markInterrupted(library, at(100))
    claimRun(library, id, 'heir', at(101))
    expect(() => endRun(library, id, { ...ended('failed'), owner: 'sleeper' })).toThrow(lost)
    requestStop(library, id)
    expect(heartbeat(library, 'sleeper', at(102))).toEqual([])
    expect(heartbeat(library, 'heir', at(102))).toEqual([{ runId: id, order: 'stop' }])
  })

  test('does not run again by a heartbeat once its owner has ended it as interrupted', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    claimRun(library, id, 'me', at(0))
    endRun(library, id, ended('interrupted', 1))
    heartbeat(library, 'me', at(2))
    expect(getRun(library, id).status).toBe('interrupted')
    expect(() => endRun(library, id, ended('finished', 3))).toThrow(conflict)
  })
})

type Step =
  | { verb: 'claim' | 'beat' | 'pause' | 'queue'; owner: string }
  | { verb: 'end'; status: RunEnd['status'] }
  | { verb: 'stop' | 'mark' }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    verb: fc.constantFrom('claim', 'beat', 'pause', 'queue'),
    owner: fc.constantFrom('ada', 'bea'),
  }),
  fc.record({
    verb: fc.constant('end'),
    status: fc.constantFrom('finished', 'stopped', 'failed', 'interrupted'),
  }),
  fc.record({ verb: fc.constantFrom('stop', 'mark') }),
) as fc.Arbitrary<Step>

test('whatever is called, a run moves along the transition table, and a refusal changes nothing', async () => {
  const library = makeLibrary()
  const datasetId = await makeDataset(library)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(20)), { maxLength: 20 }), async (steps) => {
      const id = await makeRun(library, { datasetId })
      const row = () =>
        library.db
          .prepare<[number], { status: RunStatus; owner: string | null }>(
            'SELECT status, owner, heartbeat_at, stop_requested, outcome FROM runs WHERE id = ?',
          )
          .get(id)!
      let seconds = 0
      for (const [action, pause] of steps) {
        seconds += pause
        const before = row()
        try {
          if (action.verb === 'claim') claimRun(library, id, action.owner, at(seconds))
          if (action.verb === 'beat') heartbeat(library, action.owner, at(seconds))
          if (action.verb === 'pause') heartbeat(library, action.owner, at(seconds), [id])
          if (action.verb === 'end') endRun(library, id, ended(action.status, seconds))
          if (action.verb === 'queue') queueRun(library, id, action.owner, at(seconds))
          if (action.verb === 'stop') requestStop(library, id)
          if (action.verb === 'mark') markInterrupted(library, at(seconds))
        } catch (error) {
          expect(error).toBeInstanceOf(LabError)
          expect(row()).toEqual(before)
        }
        const after = row()
        const lawful = before.status === after.status || transitions[before.status].includes(after.status)
        // An end by the owner of a run that others took for dead passes through `running`.
        const woken =
          before.status === 'interrupted' && before.owner !== null && ['end', 'pause'].includes(action.verb)
        expect(lawful || woken, `${before.status} → ${after.status} by ${action.verb}`).toBe(true)
        if (after.status === 'running' || after.status === 'paused') expect(after.owner).not.toBeNull()
        if (['finished', 'stopped', 'failed'].includes(after.status)) expect(after.owner).toBeNull()
      }
      // So that no other case's heartbeat finds it.
      library.db.prepare("UPDATE runs SET status = 'finished', owner = NULL WHERE id = ?").run(id)
    }),
    { numRuns: 100 },
  )
})
