import { describe, expect, it } from 'vitest'
import {
  reproducing,
  type Engine,
  type EngineFactory,
  type EngineSettings,
  type EngineShape,
  type Examples,
  type Patches,
} from '#main/engine/engine.ts'

import { gpuEngine } from '#main/engine/gpujs/gpuEngine.ts'
import { wasmEngine } from '#main/engine/gpujs/wasmEngine.ts'
import { onnxEngine, onnxFloat64Engine } from '#main/engine/onnx/onnxEngine.ts'
import { referenceEngine } from '#main/engine/reference/referenceEngine.ts'
import { costParts } from '#shared/model/cost.ts'
import { thetaViews } from '#shared/model/theta.ts'
import { createRandom, shuffle } from '#shared/random/random.ts'
import { fixtureCases, laterCases } from './fixtureCases.ts'
import { takeSoftwareVulkan } from './gpujs/softwareVulkan.ts'
import { largestDifference, problem, settings } from './problem.ts'

const float64 = 1e-10
const float32 = 1e-4

/** Every engine, and how closely it has to agree, relative to the largest value of an array. */
const engines: { label: string; factory: EngineFactory; tolerance: number }[] = [
  { label: 'reference', factory: referenceEngine, tolerance: float64 },
  { label: 'onnx', factory: onnxEngine, tolerance: float32 },
  { label: 'onnx in float64', factory: onnxFloat64Engine, tolerance: float64 },
  { label: 'wasm', factory: wasmEngine, tolerance: float32 },
]

takeSoftwareVulkan()
const gpu = await gpuEngine.probe()
if (gpu.available) engines.push({ label: `gpu on ${gpu.device}`, factory: gpuEngine, tolerance: float32 })
else describe.skip(`gpu: ${gpu.reason}`, () => it('agrees with the others', () => undefined))

async function withEngine<T>(
  factory: EngineFactory,
  shape: EngineShape,
  given: EngineSettings,
  examples: Patches | Examples,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await factory.create(shape, given)
  try {
    await engine.setExamples('inputs' in examples ? examples : reproducing(examples))
    return await use(engine)
  } finally {
    await engine.dispose()
  }
}

describe.each(engines)('$label', ({ factory, tolerance }) => {
  it.each([...fixtureCases, ...laterCases])(
    'agrees with the independent implementation: $name',
    async (known) => {
      const { size, m, hyper, examples, theta } = known
      const gradient = new Float64Array(theta.length)
      const hasTargets = examples.inputs !== examples.targets
      const shape = { ...size, m, batch: m, hasTargets }
      await withEngine(factory, shape, { ...settings, hyper }, examples, async (engine) => {
        const { squaredError, rhoHat } = await engine.evaluate(theta, gradient)
        const parts = costParts(theta, size, hyper, m, squaredError, rhoHat)
        expect(largestDifference(Object.values(parts), Object.values(known.parts))).toBeLessThan(tolerance)
        expect(largestDifference([parts.reconstruction], [known.parts.reconstruction])).toBeLessThan(
          tolerance,
        )
        expect(largestDifference(rhoHat, known.rhoHat)).toBeLessThan(tolerance)
        const expected = thetaViews(known.gradient, size)
        const actual = thetaViews(gradient, size)
        for (const part of ['W1', 'W2', 'b1', 'b2'] as const) {
          expect(largestDifference(actual[part], expected[part]), part).toBeLessThan(tolerance)
        }
      })
    },
  )

  it.each([
    { m: 1, n: 1, h: 1 },
    { m: 7, n: 1, h: 3 },
    { m: 5, n: 9, h: 1 },
    { m: 1003, n: 17, h: 23 },
    { m: 3001, n: 64, h: 25 },
  ])('agrees with the reference on $m patches, $n → $h', async ({ m, n, h }) => {
    const { shape, patches, theta, gradient } = problem(m, n, h)
    for (const hyper of [
      { ...settings.hyper, hidden: h },
      { ...settings.hyper, hidden: h, activation: 'tanh' as const },
      { ...settings.hyper, hidden: h, decoder: 'linear' as const, beta: 0 },
      { ...settings.hyper, hidden: h, penalty: 'l1' as const, beta: 0.1 },
    ]) {
      const expectedGradient = new Float64Array(theta.length)
      const expected = await withEngine(referenceEngine, shape, { ...settings, hyper }, patches, (engine) =>
        engine.evaluate(theta, expectedGradient),
      )
      const actual = await withEngine(factory, shape, { ...settings, hyper }, patches, (engine) =>
        engine.evaluate(theta, gradient),
      )
      expect(largestDifference([actual.squaredError], [expected.squaredError])).toBeLessThan(tolerance / 10)
      expect(largestDifference(actual.rhoHat, expected.rhoHat)).toBeLessThan(tolerance)
      expect(largestDifference(gradient, expectedGradient)).toBeLessThan(tolerance)
    }
  })

  it.each([
    { optimiser: 'adam' as const, hasTargets: false },
    { optimiser: 'adam' as const, hasTargets: true },
    { optimiser: 'sgd' as const, hasTargets: false },
    { optimiser: 'adam' as const, hasTargets: false, penalty: 'l1' as const },
  ])(
    'takes the same $optimiser steps as the reference, targets apart: $hasTargets, penalty: $penalty',
    async ({ optimiser, hasTargets, penalty = 'kl' as const }) => {
      const { shape: own, patches, theta } = problem(130, 12, 7, 40)
      const shape = { ...own, hasTargets }
      const examples = {
        inputs: patches,
        targets: hasTargets ? patches.map((value, i) => (i % 5 === 0 ? 0.5 : value)) : patches,
      }
      const given = { ...settings, optimiser, hyper: { ...settings.hyper, penalty, hidden: 7 } }
      const train = async (engine: Engine) => {
        const zeros = () => new Float64Array(theta.length)
        await engine.loadState({
          theta,
          firstMoment: zeros(),
          secondMoment: optimiser === 'adam' ? zeros() : new Float64Array(0),
          rhoHat: new Float64Array(7).fill(Number.NaN),
          step: 0,
        })
        const random = createRandom(3)
        const order = Uint32Array.from({ length: 130 }, (_, i) => i)
        const errors: number[] = []
        for (let epoch = 0; epoch < 4; epoch++) {
          shuffle(order, random)
          // Three whole batches and one of ten.
          const { squaredError } = await engine.steps(order, Float64Array.of(0.01, 0.01, 0.005, 0.005))
          errors.push(...squaredError)
        }
        return { errors, ...(await engine.readState()) }
      }
      const expected = await withEngine(referenceEngine, shape, given, examples, train)
      const actual = await withEngine(factory, shape, given, examples, train)
      expect(actual.step).toBe(16)
      expect(largestDifference(actual.errors, expected.errors)).toBeLessThan(tolerance)
      expect(largestDifference(actual.theta, expected.theta)).toBeLessThan(tolerance)
      expect(largestDifference(actual.rhoHat, expected.rhoHat)).toBeLessThan(tolerance)
      expect(largestDifference(actual.theta, theta)).toBeGreaterThan(0.01)
    },
  )

  it.each(['kl', 'l1'] as const)(
    'goes on exactly from a state that was read, penalty %s',
    async (penalty) => {
      const { shape, patches, theta } = problem(60, 6, 4, 25)
      const given = {
        ...settings,
        optimiser: 'adam' as const,
        hyper: { ...settings.hyper, penalty, hidden: 4 },
      }
      const order = Uint32Array.from({ length: 60 }, (_, i) => (i * 7) % 60)
      const rates = new Float64Array(3).fill(0.01)
      const initial = {
        theta,
        firstMoment: new Float64Array(theta.length),
        secondMoment: new Float64Array(theta.length),
        rhoHat: new Float64Array(4).fill(Number.NaN),
        step: 0,
      }
      await withEngine(factory, shape, given, patches, async (engine) => {
        await engine.loadState(initial)
        await engine.steps(order, rates)
        const middle = structuredClone(await engine.readState())
        await engine.steps(order, rates)
        const straight = await engine.readState()
        await engine.loadState(middle)
        await engine.steps(order, rates)
        expect(await engine.readState()).toEqual(straight)
        expect(middle.step).toBe(3)
      })
    },
  )

  it('gives the same bits twice, from a new engine too', async () => {
    const { shape, patches, theta } = problem(2000, 30, 20)
    const given = { ...settings, hyper: { ...settings.hyper, hidden: 20 } }
    const evaluate = async (engine: Engine) => {
      const gradient = new Float64Array(theta.length)
      return { ...(await engine.evaluate(theta, gradient)), gradient }
    }
    const [first, second] = await withEngine(factory, shape, given, patches, async (engine) => [
      await evaluate(engine),
      await evaluate(engine),
    ])
    expect(second).toEqual(first)
    expect(await withEngine(factory, shape, given, patches, evaluate)).toEqual(first)
  })

  it('leaves theta and the patches as they are', async () => {
    const { shape, patches, theta, gradient } = problem(50, 8, 5)
    const before = { patches: patches.slice(), theta: theta.slice() }
    const given = { ...settings, hyper: { ...settings.hyper, hidden: 5 } }
    await withEngine(factory, shape, given, patches, (engine) => engine.evaluate(theta, gradient))
    expect({ patches, theta }).toEqual(before)
  })

  it('refuses patches and parameters of another shape', async () => {
    const { shape, patches, theta, gradient } = problem(5, 4, 3)
    const given = { ...settings, hyper: { ...settings.hyper, hidden: 3 } }
    await withEngine(factory, shape, given, patches, async (engine) => {
      await expect(engine.setExamples(reproducing(patches.subarray(1)))).rejects.toMatchObject({
        code: 'shape',
      })
      await expect(engine.evaluate(theta.subarray(1), gradient)).rejects.toMatchObject({ code: 'shape' })
      const unforeseen = { inputs: patches, targets: patches.slice() }
      await expect(engine.setExamples(unforeseen)).rejects.toMatchObject({ code: 'shape' })
    })
  })

  it('says what really runs', async () => {
    expect(await factory.probe()).toMatchObject({ available: true })
    const { shape, patches } = problem(5, 4, 3)
    const given = { ...settings, hyper: { ...settings.hyper, hidden: 3 } }
    await withEngine(factory, shape, given, patches, async (engine) => {
      expect(engine.describe()).toMatchObject({
        engine: factory.name,
        precision: tolerance === float64 ? 'float64' : 'float32',
      })
    })
  })
})
