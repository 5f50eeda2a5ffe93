import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { reproducing } from '#main/engine/engine.ts'
import { rowShares, rowUnit } from '#main/engine/onnx/blocks.ts'
import { loadOnnxRuntime } from '#main/engine/onnx/runtime.ts'
import { createSharedGradient } from '#main/engine/onnx/sharedGradient.ts'
import { readable, sharedValues } from '#main/engine/onnx/tensors.ts'
import { largestDifference, problem, settings } from '../problem.ts'

const ort = await loadOnnxRuntime()
const [n, h] = [20, 9]
const hyper = { ...settings.hyper, hidden: h }
const workersAlive = () => (process.report.getReport() as { workers: unknown[] }).workers.length

async function gradientOf(m: number, threads: number) {
  return createSharedGradient(
    ort,
    { size: { n, h }, hyper, elementType: 'float64', shares: rowShares(m, threads) },
    { threads, spin: true },
  )
}

async function evaluate(m: number, threads: number) {
  const { patches, theta, gradient } = problem(m, n, h)
  const shared = await gradientOf(m, threads)
  await shared.setExamples(reproducing(Float64Array.from(patches)))
  const evaluation = await shared.evaluate(theta, gradient)
  await shared.release()
  return { ...evaluation, gradient }
}

it('gives every row to one share, as many shares as threads where there are rows enough', () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 1, max: 64 }), (m, threads) => {
      const shares = rowShares(m, threads)
      expect(shares.reduce((sum, rows) => sum + rows, 0)).toBe(m)
      expect(Math.min(...shares)).toBeGreaterThan(0)
      expect(shares.length).toBeLessThanOrEqual(Math.max(2, threads))
      if (m >= rowUnit * threads ** 2) expect(shares.length).toBeGreaterThanOrEqual(threads)
      // One thread and two add up the same shares, so that they agree to the bit.
      expect(rowShares(m, 1)).toEqual(rowShares(m, 2))
    }),
  ))

it.each([
  { m: 500, threads: 3 },
  { m: 500, threads: 8 },
  // Fewer shares than threads.
  { m: 20, threads: 8 },
  { m: 1, threads: 4 },
])('is the same gradient by $threads threads as by one: $m patches', async ({ m, threads }) => {
  const one = await evaluate(m, 1)
  const many = await evaluate(m, threads)
  expect(largestDifference([many.squaredError], [one.squaredError])).toBeLessThan(1e-13)
  expect(largestDifference(many.rhoHat, one.rhoHat)).toBeLessThan(1e-13)
  expect(largestDifference(many.gradient, one.gradient)).toBeLessThan(1e-13)
})

it('reads new patches from when it is given them', async () => {
  const { patches, theta, gradient } = problem(500, n, h)
  const shared = await gradientOf(500, 2)
  await shared.setExamples(reproducing(new Float64Array(500 * n)))
  await shared.evaluate(theta, gradient)
  await shared.setExamples(reproducing(Float64Array.from(patches)))
  await shared.evaluate(theta, gradient)
  await shared.release()
  expect(gradient).toEqual((await evaluate(500, 2)).gradient)
})

it('says so when it is released while it computes', async () => {
  const { patches, theta, gradient } = problem(500, n, h)
  const shared = await gradientOf(500, 2)
  await shared.setExamples(reproducing(Float64Array.from(patches)))
  const evaluation = shared.evaluate(theta, gradient)
  const released = shared.release()
  await expect(evaluation).rejects.toThrow()
  await released
})

it('sends its threads home', async () => {
  const before = workersAlive()
  const { patches } = problem(500, n, h)
  const shared = await gradientOf(500, 3)
  await shared.setExamples(reproducing(Float64Array.from(patches)))
  expect(workersAlive()).toBe(before + 2)
  await shared.release()
  expect(workersAlive()).toBe(before)
})

it('says why one of its threads cannot compute, and keeps none', async () => {
  const before = workersAlive()
  const shared = await gradientOf(500, 2)
  // The first share has all its rows, the second has not.
  await expect(shared.setExamples(reproducing(new Float64Array(400 * n)))).rejects.toThrow(
    /Tensor's size\(\d+\)/,
  )
  await shared.release()
  expect(workersAlive()).toBe(before)
})

it('hands shared memory to ONNX Runtime as it is where Node can', async () => {
  const values = sharedValues('float32', 4)
  const major = Number(process.versions.node.split('.')[0])
  expect((await readable(ort, values)) === values).toBe(major >= 24)
})
