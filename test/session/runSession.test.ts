import { beforeAll, describe, expect, it } from 'vitest'
import { reproducing } from '#main/engine/engine.ts'
import { referenceEngine } from '#main/engine/reference/referenceEngine.ts'
import type { FromSession } from '#main/session/protocol.ts'
import { runSession, type SessionJob } from '#main/session/runSession.ts'
import type { LiveMessage } from '#shared/ipc/contract.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { createRandom } from '#shared/random/random.ts'

const m = 60
const n = 9
const patches = new Float32Array(m * n)

beforeAll(() => {
  const random = createRandom(3)
  // Two hidden causes, so that there is structure to learn.
  for (let i = 0; i < m; i++) {
    const [a, b] = [random.uniform(), random.uniform()]
    for (let k = 0; k < n; k++) patches[i * n + k] = 0.1 + 0.8 * (k % 3 === 0 ? a : k % 3 === 1 ? b : a * b)
  }
})

const config = (changes: Partial<RunConfig>): RunConfig => ({
  ...defaultConfig,
  hidden: 4,
  rho: 0.1,
  engine: 'reference',
  iterations: 30,
  batch: 16,
  ...changes,
})

/** Runs a whole session; `stopAfter` asks it to stop once that iteration was reported. */
async function session(config: RunConfig, from: { checkpoint?: Uint8Array; stopAfter?: number } = {}) {
  const messages: FromSession[] = []
  const live: LiveMessage[] = []
  let evaluations = 0
  const shape = { m, n, h: config.hidden, batch: config.batch }
  const engine = await referenceEngine.create(shape, { ...config, hyper: config })
  await engine.setExamples(reproducing(patches))
  const counted = {
    ...engine,
    evaluate: (...args: Parameters<typeof engine.evaluate>) => {
      evaluations++
      return engine.evaluate(...args)
    },
  }
  const job: SessionJob = {
    config,
    shape,
    checkpoint: from.checkpoint ?? null,
    theta: null,
    checkpointMs: 15_000,
    stopAfter: null,
    stopped: () => from.stopAfter !== undefined && evaluations > from.stopAfter,
  }
  await runSession(job, counted, {
    post: (message) => messages.push(message),
    live: { watched: () => true, post: (message) => live.push(message) },
  })
  const pick = <T extends FromSession['type']>(type: T) =>
    messages.filter((message): message is Extract<FromSession, { type: T }> => message.type === type)
  return {
    messages,
    live,
    records: pick('iterations').flatMap((message) => message.records),
    snapshots: pick('snapshot'),
    checkpoints: pick('checkpoint'),
    ended: pick('ended'),
  }
}

describe.each(['lbfgs', 'adam', 'sgd'] as const)('a session with %s', (optimiser) => {
  const settings = config({ optimiser, learningRate: optimiser === 'sgd' ? 0.05 : 0.01 })

  it('reports every iteration once, from 0 to the last, with parts that add up and a falling cost', async () => {
    const { records, ended } = await session(settings)
    expect(records.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 31 }, (_, i) => i))
    for (const { cost, reconstruction, weightDecay, sparsity } of records) {
      expect(reconstruction + weightDecay + sparsity).toBeCloseTo(cost, 12)
    }
    expect(records.at(-1)!.cost).toBeLessThan(records[0].cost)
    expect(ended).toEqual([{ type: 'ended', status: 'finished', outcome: 'maxIterations', error: null }])
  })

  it('ends bit for bit the same when it is stopped and resumed in the middle', async () => {
    const whole = await session(settings)
    const half = await session(settings, { stopAfter: 12 })
    expect(half.ended[0].status).toBe('stopped')
    const stoppedAt = half.records.at(-1)!.iteration
    expect(stoppedAt).toBeLessThan(30)
    const rest = await session(settings, { checkpoint: half.checkpoints.at(-1)!.bytes })
    const joined = [...half.records, ...rest.records]
    const numbers = (records: typeof joined) => records.map((record) => ({ ...record, elapsedMs: 0 }))
    expect(numbers(joined)).toEqual(numbers(whole.records))
    expect(rest.snapshots.at(-1)!.theta).toEqual(whole.snapshots.at(-1)!.theta)
  })

  it('is the same run again with the same seed, and another with another seed', async () => {
    const [first, second, other] = await Promise.all([
      session(settings),
      session(settings),
      session({ ...settings, seed: 2 }),
    ])
    expect(second.snapshots.at(-1)!.theta).toEqual(first.snapshots.at(-1)!.theta)
    expect(other.snapshots.at(-1)!.theta).not.toEqual(first.snapshots.at(-1)!.theta)
  })
})

describe('a learning-rate schedule', () => {
  const settings = config({
    optimiser: 'adam',
    learningRate: 0.02,
    schedule: 'cosine',
    finalShare: 0.1,
    iterations: 20,
  })

  it('is what each epoch is recorded with', async () => {
    const { records } = await session(settings)
    expect(records[0].stepLength).toBe(0.02)
    expect(records[1].stepLength).toBe(0.02)
    expect(records[20].stepLength).toBeCloseTo(0.002, 12)
    for (let i = 2; i <= 20; i++) expect(records[i].stepLength).toBeLessThan(records[i - 1].stepLength)
  })

  it('really steps with that rate', async () => {
    const constant = await session({ ...settings, schedule: 'constant' })
    const cosine = await session(settings)
    // The first epoch has the same rate, the second does not.
    expect(cosine.records[1].cost).toBe(constant.records[1].cost)
    expect(cosine.records[2].cost).not.toBe(constant.records[2].cost)
  })

  it('goes on where it was when the run is resumed', async () => {
    const whole = await session(settings)
    const half = await session(settings, { stopAfter: 9 })
    const rest = await session(settings, { checkpoint: half.checkpoints.at(-1)!.bytes })
    const rates = [...half.records, ...rest.records].map(({ stepLength }) => stepLength)
    expect(rates).toEqual(whole.records.map(({ stepLength }) => stepLength))
    expect(rest.snapshots.at(-1)!.theta).toEqual(whole.snapshots.at(-1)!.theta)
  })
})

describe('a session', () => {
  it('keeps the weights at step 0 and at the end, so that a run can be played back', async () => {
    const { snapshots } = await session(config({}))
    expect(snapshots[0].iteration).toBe(0)
    expect(snapshots.at(-1)!.iteration).toBe(30)
  })

  it('can be resumed from its very start, and from where it was stopped', async () => {
    const { checkpoints } = await session(config({}), { stopAfter: 5 })
    expect(checkpoints[0].iteration).toBe(0)
    expect(checkpoints.length).toBeGreaterThanOrEqual(2)
  })

  it('shows a watching window the same records, some weights, and the end', async () => {
    const { live, records } = await session(config({}))
    expect(live.flatMap((message) => (message.type === 'iterations' ? message.records : []))).toEqual(records)
    expect(live.some(({ type }) => type === 'weights')).toBe(true)
    expect(live.at(-1)).toEqual({ type: 'ended' })
  })

  it('names a divergence, keeps the last good state and no NaN', async () => {
    const { ended, records, checkpoints, snapshots } = await session(
      config({ optimiser: 'sgd', decoder: 'linear', learningRate: 99 }),
    )
    expect(ended[0]).toMatchObject({ status: 'failed', outcome: 'diverged' })
    const last = records.at(-1)!.iteration
    expect(ended[0].error!.message).toMatch(
      new RegExp(
        `^Cost became (NaN|infinite) at iteration ${last + 1}\\. (Units? .* saturated: .*\\. )?Lower the learning rate and resume from ${last}\\.$`,
      ),
    )
    expect(records.every(({ cost }) => Number.isFinite(cost))).toBe(true)
    expect(checkpoints.at(-1)!.iteration).toBe(records.at(-1)!.iteration)
    expect(snapshots.at(-1)!.theta.every(Number.isFinite)).toBe(true)
  })

  it('fails with a sentence, not a crash, on a damaged checkpoint', async () => {
    const { ended } = await session(config({}), { checkpoint: new Uint8Array(40) })
    expect(ended[0]).toMatchObject({ status: 'failed', error: { code: 'badInput' } })
  })
})
