import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowBlocks } from '#main/engine/onnx/blocks.ts'
import { largestDivisorToRoot } from '#main/engine/onnx/columnSums.ts'
import { onnxEngine, onnxFloat64Engine } from '#main/engine/onnx/onnxEngine.ts'
import { largestDifference, problem, settings } from '../problem.ts'

describe('blocks of rows', () => {
  it('add up to all patches, nearly equal, none empty', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200_000 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 1000 }),
        (m, n, h) => {
          const blocks = rowBlocks(m, n, h, 4)
          expect(blocks.reduce((sum, rows) => sum + rows, 0)).toBe(m)
          expect(Math.min(...blocks)).toBeGreaterThan(0)
          expect(Math.max(...blocks) - Math.min(...blocks)).toBeLessThanOrEqual(1)
        },
      ),
    ))

  it('sums in parts that divide the rows', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e5 }), (rows) => {
        const parts = largestDivisorToRoot(rows)
        expect(rows % parts).toBe(0)
        expect(parts * parts).toBeLessThanOrEqual(rows)
      }),
    ))
})

it('measures the error in float32 closely enough for the Wolfe conditions, over several blocks', async () => {
  const { shape, patches, theta } = problem(10_000, 64, 100)
  expect(rowBlocks(10_000, 64, 100, 4).length).toBeGreaterThan(1)
  const given = { ...settings, hyper: { ...settings.hyper, hidden: 100 } }
  const evaluate = async (factory: typeof onnxEngine) => {
    const engine = await factory.create(shape, given)
    await engine.setPatches(patches)
    const gradient = new Float64Array(theta.length)
    const evaluation = await engine.evaluate(theta, gradient)
    await engine.dispose()
    return { ...evaluation, gradient }
  }
  const single = await evaluate(onnxEngine)
  const exact = await evaluate(onnxFloat64Engine)
  expect(largestDifference([single.squaredError], [exact.squaredError])).toBeLessThan(2e-7)
  expect(largestDifference(single.rhoHat, exact.rhoHat)).toBeLessThan(1e-6)
  expect(largestDifference(single.gradient, exact.gradient)).toBeLessThan(2e-6)
})

it.each([1, 2])('computes with as many threads as it is told: %i', async (threads) => {
  const { shape, patches, theta, gradient } = problem(300, 30, 20)
  const engine = await onnxEngine.create(shape, { ...settings, threads })
  await engine.setPatches(patches)
  await engine.evaluate(theta, gradient)
  expect(engine.describe().device).toBe(threads === 1 ? 'CPU, 1 thread' : 'CPU, 2 threads')
  await engine.dispose()
})
