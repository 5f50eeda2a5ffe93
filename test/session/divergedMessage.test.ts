import { describe, expect, test } from 'vitest'
import { reproducing, type EngineFactory } from '#main/engine/engine.ts'
import { gpuEngine } from '#main/engine/gpujs/gpuEngine.ts'
import { wasmEngine } from '#main/engine/gpujs/wasmEngine.ts'
import { onnxEngine } from '#main/engine/onnx/onnxEngine.ts'
import { referenceEngine } from '#main/engine/reference/referenceEngine.ts'
import { divergedMessage } from '#main/session/divergedMessage.ts'
import type { FromSession } from '#main/session/protocol.ts'
import { runSession } from '#main/session/runSession.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { initialTheta, thetaViews } from '#shared/model/theta.ts'
import { takeSoftwareVulkan } from '../engine/gpujs/softwareVulkan.ts'

const [m, n, h] = [40, 9, 5]
const size = { n, h }
const usual = { ...defaultConfig, hidden: h, rho: 0.1, iterations: 20, batch: 10 } as const
const patchesOf = (scale = 1) =>
  Float32Array.from({ length: m * n }, (_, i) => scale * (0.5 + 0.4 * Math.sin(1.7 * i)))

/** How a session ends that starts from these parameters. */
async function endOf(
  factory: EngineFactory,
  changes: Partial<RunConfig>,
  change: (parts: ReturnType<typeof thetaViews<Float64Array>>) => void,
  patches = patchesOf(),
) {
  const config: RunConfig = { ...usual, ...changes }
  const theta = initialTheta(size, config)
  change(thetaViews(theta, size))
  const shape = { m, n, h, batch: config.batch }
  const engine = await factory.create(shape, { ...config, hyper: config, threads: 1 })
  await engine.setExamples(reproducing(patches))
  const said: FromSession[] = []
  const job = {
    config,
    shape,
    checkpoint: null,
    theta,
    stopAfter: null,
    checkpointMs: 1e9,
    stopped: () => false,
  }
  await runSession(job, engine, {
    post: (message) => said.push(message),
    live: { watched: () => false, post() {} },
  })
  await engine.dispose()
  const end = said.find((message) => message.type === 'ended')!
  return { status: end.status, message: end.error?.message ?? '' }
}

takeSoftwareVulkan()
const engines = [
  { label: 'reference', factory: referenceEngine },
  { label: 'onnx', factory: onnxEngine },
  { label: 'wasm', factory: wasmEngine },
]
const gpu = await gpuEngine.probe()
if (gpu.available) engines.push({ label: 'gpu', factory: gpuEngine })
else describe.skip(`gpu: ${gpu.reason}`, () => test('names a saturated unit', () => undefined))

describe.each(engines)('a run by $label', ({ factory }) => {
  test.each([
    ['sigmoid', 'lbfgs', -2000, 0],
    ['sigmoid', 'lbfgs', 2000, 1],
    ['tanh', 'lbfgs', -2000, -1],
    ['tanh', 'lbfgs', 2000, 1],
    ['sigmoid', 'adam', -2000, 0],
    ['tanh', 'sgd', 2000, 1],
  ] as const)('from weights with a saturated unit of %s, by %s, with bias %d', async (...of) => {
    const [activation, optimiser, bias, rhoHat] = of
    const end = await endOf(factory, { activation, optimiser }, ({ b1 }) => void (b1[2] = bias))
    expect(end.status).toBe('failed')
    expect(end.message).toContain(
      `Unit 3 is saturated: its average activation ρ̂ is ${rhoHat}, where the sparsity term has no bound. ` +
        `The bias is ${bias}: start from weights with one nearer to 0, or set β to 0.`,
    )
    expect(end.message).not.toMatch(/patches/)
  })

  test('from such weights with β = 0 trains', async () => {
    const end = await endOf(factory, { beta: 0 }, ({ b1 }) => void (b1[2] = -2000))
    expect(end).toEqual({ status: 'finished', message: '' })
  })

  test('on patches that saturate units is told to normalise them', async () => {
    const end = await endOf(factory, {}, () => undefined, patchesOf(1e5))
    expect(end.status).toBe('failed')
    expect(end.message).toMatch(/[Uu]nits? \d.* saturated: .*ρ̂.* is [01], .*normalise the dataset/)
  })

  test.skipIf(factory === referenceEngine)('from weights beyond float32 names them', async () => {
    const end = await endOf(factory, { beta: 0, decoder: 'linear' }, ({ W2 }) => void (W2[4] = -1e30))
    expect(end.status).toBe('failed')
    expect(end.message).toContain('Values of W2 reach 1e+30, too large to compute with')
  })
})

test('several saturated units are named, four at most', async () => {
  const end = await endOf(onnxEngine, {}, ({ b1 }) => void b1.fill(-200))
  expect(end.message).toContain(
    'Units 1, 2, 3, 4 and 1 more are saturated: the average activation ρ̂ of unit 1 is 0',
  )
})

test('a unit that saturates in mid-training is named, and the learning rate is what to lower', async () => {
  const end = await endOf(onnxEngine, { optimiser: 'sgd', learningRate: 100, momentum: 0 }, () => undefined)
  expect(end.status).toBe('failed')
  expect(end.message).toMatch(/iteration \d+\. /)
  const theta = initialTheta(size, usual)
  const before = { theta, rhoHat: new Float64Array(h).fill(0.1) }
  const point = { theta: theta.map(() => Number.NaN), rhoHat: Float64Array.of(0.1, 1, 0.1, 0.1, 0.1) }
  const facts = { iteration: 8, cost: Infinity, best: 1, keptAt: 7, before }
  const config = { ...usual, optimiser: 'sgd' } as const
  const message = divergedMessage(config, size, { ...facts, point: { ...point, theta } })
  expect(message).toBe(
    'Cost became infinite at iteration 8. Unit 2 is saturated: its average activation ρ̂ is 1, where the sparsity ' +
      'term has no bound. Lower the learning rate and resume from 7.',
  )
})

describe('without a saturated unit', () => {
  const theta = initialTheta(size, usual)
  const point = { theta, rhoHat: new Float64Array(h).fill(0.1) }

  test.each([
    [Number.NaN, 36, 'Cost became NaN at iteration 37. Lower the learning rate and resume from 36.'],
    [Infinity, 36, 'Cost became infinite at iteration 37. Lower the learning rate and resume from 36.'],
    [
      12.345,
      31,
      'Cost rose to 12.3 by iteration 37; its best was 0.900. Lower the learning rate and resume from 31.',
    ],
  ])('%s: one sentence says what happened, the next what to do', (cost, keptAt, sentence) => {
    const config = { ...usual, optimiser: 'adam' as const }
    const facts = { iteration: 37, cost, best: 0.9, keptAt, point, before: point }
    expect(divergedMessage(config, size, facts)).toBe(sentence)
  })

  test('L-BFGS with β = 0 is not told to lower β', () => {
    const facts = { iteration: 3, cost: Number.NaN, best: 0.9, keptAt: 2, point, before: point }
    expect(divergedMessage({ ...usual, beta: 0 }, size, facts)).toMatch(/normalise the dataset/)
    expect(divergedMessage(usual, size, facts)).toMatch(/Lower the sparsity weight β and resume from 2/)
  })
})
