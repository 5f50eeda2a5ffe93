import { readdirSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { momentNow } from '#db/clock.ts'
import { openLibrary, type Library } from '#db/library.ts'
import { insertDataset } from '#db/queries/insertDataset.ts'
import { readCheckpoint } from '#db/queries/checkpoints.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { listQueue } from '#db/queries/queue.ts'
import { getRun, insertRun } from '#db/queries/runs.ts'
import { claimRun, markInterrupted, requestStop, setEngine } from '#db/queries/runStates.ts'
import { launchWorkerSession } from '#main/session/launchWorkerSession.ts'
import type { FromSession } from '#main/session/protocol.ts'
import type { SessionHost } from '#main/session/sessionHost.ts'
import { createSessions } from '#main/session/sessions.ts'
import type { Sessions } from '#main/session/supervisor.ts'
import { generateDataset } from '#main/dataset/generate/generateDataset.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { makeRecord } from '../db/makeLibrary.ts'
import { isUnderWay } from '#shared/domain/run.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'

let library: Library
let sessions: Sessions<never>
let datasetId: number
let launched: SessionHost<never>[]
const waiting = new Set<() => void>()

beforeEach(async () => {
  library = openLibrary(await mkdtemp(path.join(os.tmpdir(), 'rho-lab-test-')))
  const sampling = {
    ...defaultSampling,
    patches: 300,
    patchSize: 4,
    normalisation: { kind: 'none' } as const,
  }
  datasetId = await insertDataset(library, await generateDataset('bars', { name: 'bars', sampling }))
  launched = []
  sessions = createSessions<never>({
    library,
    parallel: 1,
    cores: 4,
    launch() {
      const host = launchWorkerSession()
      launched.push(host)
      return host
    },
    onChange: () => waiting.forEach((check) => check()),
  })
})

afterEach(async () => {
  await sessions.close()
  library.close()
})

function addRun(changes: Partial<RunConfig> = {}): number {
  const config = {
    ...defaultConfig,
    hidden: 8,
    rho: 0.1,
    engine: 'reference' as const,
    iterations: 20,
    ...changes,
  }
  const run = { name: 'bars', datasetId, config, preset: null, tags: [], appVersion: '0', machine: 'test' }
  return insertRun(library, run)
}

// Adam at a constant rate never converges.
const endless = { iterations: 100_000, optimiser: 'adam' } as const

/** Resolves once the run is as asked; rejects when it ends otherwise. */
function until(runId: number, check: (run: ReturnType<typeof getRun>) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!check(getRun(library, runId))) return
      waiting.delete(look)
      resolve()
    }
    waiting.add(look)
    look()
  })
}
const ended = (runId: number) => until(runId, ({ status }) => !isUnderWay(status))

describe('the queue', () => {
  it('carries out one run after the other, each to its end, with its engine written down', async () => {
    const ids = [addRun(), addRun()]
    ids.forEach((id) => sessions.enqueue(id))
    expect(sessions.active()).toEqual([ids[0]])
    expect(sessions.queued()).toEqual([ids[1]])
    await Promise.all(ids.map(ended))
    for (const id of ids) {
      const run = getRun(library, id)
      expect(run).toMatchObject({ status: 'finished', outcome: 'maxIterations', iterations: 20 })
      expect(run.engine).toMatchObject({ engine: 'reference', precision: 'float64' })
      expect(readSeries(library, id, -1).count).toBe(21)
      expect(run.snapshots[0].iteration).toBe(0)
      expect(run.snapshots.at(-1)!.iteration).toBe(20)
      expect(readCheckpoint(library, id)).toBeNull()
    }
  })

  it('stops a running run with a checkpoint, and resume ends where the uninterrupted run ends', async () => {
    const whole = addRun({ iterations: 400 })
    sessions.enqueue(whole)
    await ended(whole)
    const id = addRun({ iterations: 400 })
    sessions.enqueue(id)
    await until(id, ({ iterations }) => iterations > 3)
    sessions.stop(id)
    await ended(id)
    expect(getRun(library, id)).toMatchObject({ status: 'stopped', hasCheckpoint: true })
    sessions.enqueue(id)
    await ended(id)
    const [a, b] = [getRun(library, whole), getRun(library, id)]
    expect(b).toMatchObject({
      status: 'finished',
      cost: a.cost,
      evaluations: a.evaluations,
      iterations: a.iterations,
    })
    expect(readSeries(library, id, -1).cost).toEqual(readSeries(library, whole, -1).cost)
  })

  it('stops on the word of another process', async () => {
    const id = addRun(endless)
    sessions.enqueue(id)
    await until(id, ({ iterations }) => iterations > 0)
    requestStop(library, id)
    await ended(id)
    expect(getRun(library, id).status).toBe('stopped')
  })

  it('takes a waiting run out of the queue when it is stopped', async () => {
    const [first, second] = [addRun(endless), addRun()]
    sessions.enqueue(first)
    sessions.enqueue(second)
    sessions.stop(second)
    expect(getRun(library, second).status).toBe('stopped')
    expect(sessions.queued()).toEqual([])
  })

  it('pauses: a checkpoint is kept, nothing is computed, the turn is kept; and goes on where it stood', async () => {
    const whole = addRun({ iterations: 200 })
    sessions.enqueue(whole)
    await ended(whole)
    const [id, next] = [addRun({ iterations: 200 }), addRun()]
    sessions.enqueue(id)
    sessions.enqueue(next)
    await until(id, ({ iterations }) => iterations > 2)
    sessions.pause(id)
    await until(id, ({ status, hasCheckpoint }) => status === 'paused' && hasCheckpoint)
    const at = getRun(library, id).iterations
    expect(getRun(library, id)).toMatchObject({ status: 'paused', iterations: at })
    expect([sessions.active(), sessions.queued()]).toEqual([[id], [next]])
    expect(() => claimRun(library, id, 'another', momentNow())).toThrow(/is paused/)
    sessions.continue(id)
    await ended(id)
    expect(getRun(library, id)).toMatchObject({ status: 'finished', cost: getRun(library, whole).cost })
    expect(readSeries(library, id, -1).cost).toEqual(readSeries(library, whole, -1).cost)
  })

  it('stops a paused run, and counts no time while it was paused', async () => {
    const id = addRun(endless)
    sessions.enqueue(id)
    await until(id, ({ iterations }) => iterations > 2)
    sessions.pause(id)
    await until(id, ({ status }) => status === 'paused')
    sessions.stop(id)
    await ended(id)
    expect(getRun(library, id)).toMatchObject({ status: 'stopped', hasCheckpoint: true })
  })

  it('ends a session at once when told to, and the run goes on from its last checkpoint', async () => {
    const id = addRun(endless)
    sessions.enqueue(id)
    await until(id, ({ iterations, hasCheckpoint }) => iterations > 2 && hasCheckpoint)
    sessions.stopNow(id)
    expect(getRun(library, id)).toMatchObject({ status: 'stopped', outcome: 'stopped', hasCheckpoint: true })
    expect(sessions.active()).toEqual([])
    sessions.enqueue(id)
    await until(id, ({ status, iterations }) => status === 'running' && iterations > 2)
  })

  it('ends a session at once on the word of another process', async () => {
    const id = addRun(endless)
    sessions.enqueue(id)
    await until(id, ({ iterations }) => iterations > 0)
    requestStop(library, id, true)
    await ended(id)
    expect(getRun(library, id).status).toBe('stopped')
  })

  it('carries out several at a time where it is told to, and more as soon as it is', async () => {
    const ids = [addRun(endless), addRun(endless), addRun(endless)]
    ids.forEach((id) => sessions.enqueue(id))
    expect(sessions.active()).toEqual([ids[0]])
    sessions.setParallel(2)
    expect(sessions.active()).toEqual([ids[0], ids[1]])
    // None is stopped for a lower number.
    sessions.setParallel(1)
    sessions.stopNow(ids[0])
    expect([sessions.active(), sessions.queued()]).toEqual([[ids[1]], [ids[2]]])
  })

  it('goes by cores and engines where nobody has chosen how many', async () => {
    sessions.setParallel('auto')
    const [first, second, third, onnx, last] = [
      ...[1, 2, 3].map(() => addRun(endless)),
      addRun({ ...endless, engine: 'onnx' }),
      addRun(endless),
    ]
    ;[first, second, third, onnx, last].forEach((id) => sessions.enqueue(id))
    // Three of four cores; the fourth is left free.
    expect(sessions.active()).toEqual([first, second, third])
    // ONNX Runtime takes all of them: it waits for all, and nothing overtakes it.
    expect(sessions.parallel()).toEqual({ choice: 'auto', count: 1, proposal: { count: 1, engine: 'onnx' } })
    sessions.stop(first)
    await ended(first)
    expect([sessions.active(), sessions.queued()]).toEqual([
      [second, third],
      [onnx, last],
    ])
    sessions.stop(onnx)
    await until(last, ({ status }) => status === 'running')
    expect(sessions.active()).toEqual([second, third, last])
    expect(sessions.parallel()).toMatchObject({ count: 3, proposal: { count: 3, engine: 'reference' } })
  })

  it('takes waiting runs in the order that they are moved to', async () => {
    const ids = [addRun(endless), addRun(), addRun(), addRun()]
    ids.forEach((id) => sessions.enqueue(id))
    sessions.move(ids[3], 0)
    sessions.move(ids[1], 99)
    sessions.move(ids[0], 0) // Not waiting: nothing to move.
    expect(sessions.queued()).toEqual([ids[3], ids[2], ids[1]])
    // Others can see it.
    const waiting = listQueue(library).filter(({ place }) => place !== null)
    expect(waiting.map(({ runId, place }) => [place, runId])).toEqual([
      [1, ids[3]],
      [2, ids[2]],
      [3, ids[1]],
    ])
    sessions.stop(ids[0])
    await Promise.all(ids.map(ended))
    const startedAt = ids.map((id) => getRun(library, id).startedAt!)
    expect([ids[3], ids[2], ids[1]].map((id) => getRun(library, id).startedAt)).toEqual(
      startedAt.slice(1).toSorted(),
    )
  })

  it('pauses and continues on the word of another process', async () => {
    const id = addRun(endless)
    sessions.enqueue(id)
    const other = createSessions<never>({ library, launch: launchWorkerSession, onChange() {} })
    other.pause(id)
    await until(id, ({ status }) => status === 'paused')
    other.continue(id)
    await until(id, ({ status }) => status === 'running')
    await other.close()
  })

  it('cannot pause what nobody trains', () => {
    expect(() => sessions.pause(addRun())).toThrow(expect.objectContaining({ code: 'conflict' }))
  })

  it('refuses to carry out a run twice', () => {
    const id = addRun(endless)
    sessions.enqueue(id)
    expect(() => sessions.enqueue(id)).toThrow(/already running or waiting/)
  })
})

it('a resumed run computes with as many threads as before, whatever would be chosen now', async () => {
  const id = addRun({ ...endless, engine: 'onnx' })
  sessions.enqueue(id)
  await until(id, ({ iterations, engine }) => iterations > 0 && engine !== null)
  sessions.stop(id)
  await ended(id)
  const { engine, engineVersions } = getRun(library, id)
  expect(engine!.threads).toBeGreaterThanOrEqual(1)
  // As if it had been begun on a machine that liked three threads best.
  setEngine(library, id, { ...engine!, threads: 3, device: 'CPU, 3 threads' }, engineVersions)
  const before = getRun(library, id).iterations
  sessions.enqueue(id)
  await until(id, ({ iterations }) => iterations > before + 1)
  expect(getRun(library, id).engine).toMatchObject({ engine: 'onnx', threads: 3, device: 'CPU, 3 threads' })
})

it('holds out patches where it is told to, and records how well they are reconstructed', async () => {
  const [id, again, without] = [addRun({ validation: 0.2 }), addRun({ validation: 0.2 }), addRun()]
  for (const run of [id, again, without]) sessions.enqueue(run)
  await Promise.all([id, again, without].map(ended))
  const { validation, reconstruction } = readSeries(library, id, -1)
  expect(validation.length).toBe(21)
  expect(validation.every(Number.isFinite)).toBe(true)
  expect(validation[20]).toBeLessThan(validation[0])
  expect(validation[20]).not.toBe(reconstruction[20])
  expect(getRun(library, id).validation).toBe(validation[20])
  expect(readSeries(library, again, -1).validation).toEqual(validation)
  expect(readSeries(library, without, -1).validation.every(Number.isNaN)).toBe(true)
})

describe('a session that dies', () => {
  it('leaves its run interrupted, with a checkpoint to resume from, and the queue goes on', async () => {
    const [first, second] = [addRun(endless), addRun()]
    sessions.enqueue(first)
    sessions.enqueue(second)
    await until(first, ({ iterations, hasCheckpoint }) => iterations > 2 && hasCheckpoint)
    launched[0].kill()
    await ended(first)
    expect(getRun(library, first)).toMatchObject({
      status: 'interrupted',
      outcome: 'killed',
      hasCheckpoint: true,
    })
    await ended(second)
    expect(getRun(library, second).status).toBe('finished')
  })

  it('is shown as interrupted when its whole process is gone', async () => {
    const id = addRun(endless)
    sessions.enqueue(id)
    await until(id, ({ iterations }) => iterations > 0)
    const later = { ...momentNow(), clockMs: momentNow().clockMs + 60_000 }
    expect(markInterrupted(library, later)).toEqual([id])
    expect(getRun(library, id).status).toBe('interrupted')
  })
})

it('says what is wrong when the engine asked for is not there', async () => {
  const id = addRun({ engine: 'gpu' })
  sessions.enqueue(id)
  await ended(id)
  const run = getRun(library, id)
  expect(run.status).toBe('failed')
  expect(run.message).toMatch(/\.$/)
})

it('close() waits for what a run that was ended at once still writes, and nothing of it is left', async () => {
  const id = addRun(endless)
  let say!: (message: FromSession) => void
  const host: SessionHost<never> = {
    post() {},
    onMessage: (listener) => (say = listener),
    onExit() {},
    watch() {},
    kill() {},
  }
  const hand = createSessions<never>({ library, launch: () => host, onChange() {} })
  hand.enqueue(id)
  say({ type: 'checkpoint', iteration: 0, bytes: new Uint8Array(30e6) })
  // The file is begun, and far from done.
  const blobs = path.join(library.folder, 'blobs')
  const before = library.blobs.list()
  await expect.poll(() => readdirSync(blobs).length).toBe(before.length + 1)
  hand.stopNow(id)
  await hand.close()
  // The run was given back before: it may be another's by then.
  expect(readCheckpoint(library, id)).toBeNull()
  expect(readdirSync(blobs).toSorted()).toEqual(before.toSorted())
})

it('close() checkpoints what runs and leaves nothing running', async () => {
  const [first, second] = [addRun(endless), addRun()]
  sessions.enqueue(first)
  sessions.enqueue(second)
  await until(first, ({ iterations }) => iterations > 0)
  await sessions.close()
  expect(getRun(library, first)).toMatchObject({ status: 'stopped', hasCheckpoint: true })
  expect(getRun(library, second).status).toBe('stopped')
})

it('close() keeps a checkpoint that is on its way to the disk when the session has to be given up', async () => {
  const id = addRun(endless)
  let say!: (message: FromSession) => void
  let exit!: (exit: { kind: 'crashed'; reason: string }) => void
  const host: SessionHost<never> = {
    post() {},
    onMessage: (listener) => (say = listener),
    onExit: (listener) => (exit = listener),
    watch() {},
    kill() {},
  }
  const hand = createSessions<never>({ library, launch: () => host, onChange() {} })
  hand.enqueue(id)
  say({ type: 'checkpoint', iteration: 7, bytes: new Uint8Array(30e6) })
  exit({ kind: 'crashed', reason: 'It crashed. Resume it.' })
  await hand.close()
  expect(readCheckpoint(library, id)).toMatchObject({ iteration: 7 })
  expect(getRun(library, id)).toMatchObject({ status: 'interrupted', outcome: 'crashed' })
})

describe('a run that another process has taken', () => {
  /** Sessions whose words the test says, and what they tell. */
  function silent() {
    interface Said {
      say: (message: FromSession) => void
      isKilled: boolean
    }
    const said: Said[] = []
    const ends: unknown[] = []
    const sessions = createSessions<never>({
      library,
      launch() {
        const session: Said = { say() {}, isKilled: false }
        said.push(session)
        let leave = () => {}
        return {
          // One that never answered would be waited for.
          post: ({ type }) => type === 'stop' && leave(),
          onMessage: (listener) => (session.say = listener),
          onExit: (listener) =>
            (leave = () => listener({ kind: 'killed', reason: 'It was asked to leave.' })),
          watch() {},
          kill: () => (session.isKilled = true),
        }
      },
      onChange() {},
      onEnd: (runId, { message }, code) => ends.push({ runId, message, code }),
    })
    return { sessions, said, ends }
  }
  const later = () => ({ ...momentNow(), clockMs: momentNow().clockMs + 60_000 })

  it.each(['iterations', 'checkpoint', 'ended'] as const)(
    'ends the session of the first at once with its next word: %s',
    async (type) => {
      const id = addRun(endless)
      const [first, second] = [silent(), silent()]
      first.sessions.enqueue(id)
      expect(markInterrupted(library, later())).toEqual([id])
      second.sessions.enqueue(id)
      second.said[0].say({ type: 'checkpoint', iteration: 241, bytes: Uint8Array.of(2) })
      await expect.poll(() => getRun(library, id).checkpointIteration).toBe(241)
      const words: FromSession[] = [
        { type: 'iterations', records: [makeRecord(17, { h: 8 })] },
        { type: 'checkpoint', iteration: 17, bytes: Uint8Array.of(1) },
        { type: 'ended', status: 'finished', outcome: 'converged', error: null },
      ]
      first.said[0].say(words.find((word) => word.type === type)!)
      if (type === 'ended') await first.sessions.close()
      else await expect.poll(() => first.ends).toHaveLength(1)
      if (type !== 'ended') {
        expect(first.ends).toEqual([
          {
            runId: id,
            code: 'lostRun',
            message: expect.stringMatching(/^Run \d+ was taken over by another process/) as string,
          },
        ])
      }
      expect(first.said[0].isKilled).toBe(true)
      expect(getRun(library, id)).toMatchObject({
        status: 'running',
        iterations: 0,
        checkpointIteration: 241,
        message: null,
      })
      await first.sessions.close()
      expect(getRun(library, id).status).toBe('running')
      await second.sessions.close()
    },
  )

  it('is not stopped by the close of the one in whose queue it waited', async () => {
    const [running, id] = [addRun(endless), addRun(endless)]
    const [first, second] = [silent(), silent()]
    first.sessions.enqueue(running)
    first.sessions.enqueue(id)
    markInterrupted(library, later())
    second.sessions.enqueue(id)
    expect(getRun(library, id).status).toBe('running')
    first.sessions.stopNow(running)
    await first.sessions.close()
    expect(getRun(library, id).status).toBe('running')
    second.sessions.stopNow(id)
    await second.sessions.close()
  })
})
