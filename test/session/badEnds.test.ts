import { setFlagsFromString } from 'node:v8'
import { expect, test } from 'vitest'
import { readCheckpoint } from '#db/queries/checkpoints.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { getRun } from '#db/queries/runs.ts'
import { serveSession, type HostServices } from '#main/session/hosts/serveSession.ts'
import type { FromSession, ToSession } from '#main/session/protocol.ts'
import { chooseEngine } from '#main/engine/engines.ts'
import { decodeCheckpoint } from '#main/session/checkpoint.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { makeFolder } from '../db/makeLibrary.ts'
import { addRun, libraryWithBars, trainAll } from './bars.ts'

test('a cost that rises without end ends its run as diverged, keeps the last good state, and the queue goes on', async () => {
  const { library, datasetId } = await libraryWithBars(makeFolder())
  const rising = { optimiser: 'sgd', decoder: 'linear', learningRate: 0.3, iterations: 400 } as const
  const [risen, again, next] = [
    addRun(library, datasetId, rising),
    addRun(library, datasetId, rising),
    addRun(library, datasetId),
  ]
  await trainAll(library, [risen, again, next])
  const run = getRun(library, risen)
  expect(run).toMatchObject({
    status: 'failed',
    outcome: 'diverged',
    message: expect.stringMatching(
      /^Cost rose to \S+ by iteration \d+; its best was \S+\. Lower the learning rate and resume from \d+\.$/,
    ) as string,
  })
  const { cost } = readSeries(library, risen, -1)
  expect(cost.every(Number.isFinite)).toBe(true)
  // Five epochs in a row were far above the best and above the start; the one before was not, and is kept.
  const kept = run.checkpointIteration!
  expect(kept).toBe(run.iterations - 5)
  const best = Math.min(...cost)
  const far = [...cost].map((value) => value > 10 * best && value > cost[0])
  expect(far.slice(kept)).toEqual([false, true, true, true, true, true])
  const { bytes } = readCheckpoint(library, risen)!
  expect(decodeCheckpoint<{ iteration: number }>(bytes).iteration).toBe(kept)
  expect(run.snapshots.map(({ iteration }) => iteration)).toContain(kept)
  expect(readSeries(library, again, -1).cost).toEqual(cost)
  expect(getRun(library, next).status).toBe('finished')
  library.close()
})

test('a session without memory for its program says so, and the queue goes on', async () => {
  const { library, datasetId } = await libraryWithBars(makeFolder())
  const [starved, next] = [addRun(library, datasetId), addRun(library, datasetId)]
  // The heap of threads that are begun from here on, in megabytes.
  setFlagsFromString('--max-old-space-size=8')
  try {
    await trainAll(library, [starved])
  } finally {
    setFlagsFromString('--max-old-space-size=0')
  }
  expect(getRun(library, starved)).toMatchObject({
    status: 'interrupted',
    outcome: 'outOfMemory',
    message: expect.stringMatching(/^The session ran out of memory\. Take fewer .*\.$/) as string,
  })
  await trainAll(library, [next, starved])
  expect([starved, next].map((id) => getRun(library, id).status)).toEqual(['finished', 'finished'])
  library.close()
})

test('a session without memory for its patches says so', async () => {
  const said: FromSession[] = []
  let start!: (message: ToSession) => void
  const ended = new Promise<void>((resolve) => {
    const port = {
      post(message: FromSession) {
        said.push(message)
        if (message.type === 'ended') resolve()
      },
      onMessage: (listener: (message: ToSession) => void) => (start = listener),
    }
    // More than any machine has: the allocation really fails.
    const readPatches: HostServices['readPatches'] = async () => ({
      values: new Float32Array(new ArrayBuffer(2 ** 46)),
      sha256: '',
    })
    serveSession(port, { readPatches, choose: chooseEngine })
  })
  start({
    type: 'start',
    runId: 1,
    config: { ...defaultConfig, engine: 'reference' },
    patches: { path: '', hash: '', part: { kind: 'patches', id: 1, name: 'photos' } },
    m: 100,
    n: 16,
    checkpoint: null,
    engine: null,
    stopAfter: null,
    initialTheta: null,
    threads: null,
    checkpointMs: 15_000,
  })
  await ended
  expect(said).toEqual([
    {
      type: 'ended',
      status: 'failed',
      outcome: 'outOfMemory',
      error: { code: 'outOfMemory', message: expect.stringMatching(/^There was not enough memory\. Take /) },
    },
  ])
})
