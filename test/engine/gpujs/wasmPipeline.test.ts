import * as gpuJs from 'gpu.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { reproducing } from '#main/engine/engine.ts'
import { wasmEngine } from '#main/engine/gpujs/wasmEngine.ts'
import { wasmLayout } from '#main/engine/gpujs/wasmLayout.ts'
import { createWasmPipeline } from '#main/engine/gpujs/wasmPipeline.ts'
import { referenceEngine } from '#main/engine/reference/referenceEngine.ts'
import { fixtureCases } from '../fixtureCases.ts'
import { largestDifference, problem, settings } from '../problem.ts'

it.each([
  { mode: 'webasm', backend: 'webasm' },
  { mode: 'cpu', backend: 'cpu' },
] as const)('knows that gpu.js really ran on $backend', async ({ mode, backend }) => {
  const { size, m, hyper, patches, theta, gradient: expected } = fixtureCases[1]
  const gpu = new gpuJs.GPU({ mode })
  const pipeline = createWasmPipeline(gpuJs, gpu, { rows: m, size, hyper, hasTargets: false, threads: true })
  pipeline.setExamples(reproducing(Float32Array.from(patches)))
  const gradient = new Float64Array(theta.length)
  await pipeline.evaluate(theta, gradient)
  expect(pipeline.runsOn().backend).toBe(backend)
  expect(largestDifference(gradient, expected)).toBeLessThan(1e-4)
  await pipeline.release()
  await gpu.destroy()
})

it('lays rows out in whole chunks, with room for all of them and little more', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500_000 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 1000 }),
      (rows, n, h) => {
        const { chunks, chunkRows, paddedRows, width, hiddenWidth } = wasmLayout(rows, { n, h })
        expect(paddedRows).toBe(chunks * chunkRows)
        expect(paddedRows).toBeGreaterThanOrEqual(rows)
        expect(paddedRows).toBeLessThan(rows + chunks)
        expect([width % 4, hiddenWidth % 4]).toEqual([0, 0])
        expect(width - n).toBeLessThan(4)
        expect(hiddenWidth - h).toBeLessThan(4)
      },
    ),
  ))

it.each(['sigmoid', 'tanh'] as const)(
  'agrees with the reference with %s where a product takes several kernels, and units are saturated',
  async (activation) => {
    const { shape, patches, theta, gradient } = problem(210, 130, 115)
    // Far into both flat ends of the function.
    for (let i = 0; i < 60; i++) theta[2 * 130 * 115 + i] = i % 2 === 0 ? 40 : -40
    const given = { ...settings, hyper: { ...settings.hyper, hidden: 115, activation, beta: 0 } }
    const evaluate = async (factory: typeof wasmEngine, to: Float64Array) => {
      const engine = await factory.create(shape, given)
      await engine.setExamples(reproducing(patches))
      const evaluation = await engine.evaluate(theta, to)
      await engine.dispose()
      return evaluation
    }
    const expectedGradient = new Float64Array(theta.length)
    const expected = await evaluate(referenceEngine, expectedGradient)
    const actual = await evaluate(wasmEngine, gradient)
    expect(largestDifference([actual.squaredError], [expected.squaredError])).toBeLessThan(1e-6)
    expect(largestDifference(actual.rhoHat, expected.rhoHat)).toBeLessThan(1e-6)
    expect(largestDifference(gradient, expectedGradient)).toBeLessThan(1e-5)
  },
)
