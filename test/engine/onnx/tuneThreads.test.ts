import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { onnxEngine } from '#main/engine/onnx/onnxEngine.ts'
import { bestThreading, threadingCandidates } from '#main/engine/onnx/tuneThreads.ts'
import { problem, settings as given } from '../problem.ts'

const { threads: _, ...settings } = given

/** Cores that other programs keep busy while something is measured. */
let busyCores = 0
vi.mock('#main/engine/choice/measure.ts', async (original) => {
  const { measureWays, ...rest } = await original<typeof import('#main/engine/choice/measure.ts')>()
  // Other tests run at the same time; what is steady is told apart below.
  return { ...rest, measureWays: async (ways: never) => ({ ...(await measureWays(ways)), steady: true }) }
})
vi.mock('#main/engine/choice/processor.ts', async (original) => ({
  ...(await original<object>()),
  watchOthers: () => () => busyCores,
}))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'rho-lab-test-'))
  vi.stubEnv('RHO_LAB_ENGINE_CHOICES', folder)
  busyCores = 0
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

const { shape } = problem(400, 20, 10, 50)

describe('the number of threads', () => {
  it('is measured once for a shape, and taken again from then on', async () => {
    const first = await onnxEngine.tune!(shape, settings)
    const second = await onnxEngine.tune!({ ...shape, m: 410 }, settings)
    expect(first.settings.threads).toBeGreaterThanOrEqual(1)
    // Two measurements never take the same time to the nanosecond.
    expect(second).toEqual(first)
    expect(readdirSync(folder)).toHaveLength(1)
  })

  it('is not kept where other programs were in the way of measuring', async () => {
    busyCores = 1
    await onnxEngine.tune!(shape, settings)
    expect(readdirSync(folder)).toEqual([])
  })

  it('is measured apart for mini-batches', async () => {
    await onnxEngine.tune!(shape, settings)
    await onnxEngine.tune!(shape, { ...settings, optimiser: 'adam' })
    expect(readdirSync(folder)).toHaveLength(2)
  })

  it('is what a new engine computes with, and says', async () => {
    const { threads } = (await onnxEngine.tune!(shape, settings)).settings
    const engine = await onnxEngine.create(shape, settings)
    expect(engine.describe()).toMatchObject({
      threads,
      device: threads === 1 ? 'CPU, 1 thread' : `CPU, ${threads} threads`,
    })
    await engine.dispose()
  })
})

it.each([
  { cores: 1, counts: [1] },
  { cores: 2, counts: [1, 2] },
  { cores: 6, counts: [1, 2, 4, 6] },
  { cores: 8, counts: [1, 2, 4, 8] },
])('tries $counts threads on $cores cores, with and without spinning', ({ cores, counts }) => {
  const candidates = threadingCandidates(cores)
  expect([...new Set(candidates.map(({ threads }) => threads))]).toEqual(counts)
  for (const threads of counts.slice(1)) {
    const spins = candidates.filter((candidate) => candidate.threads === threads).map(({ spin }) => spin)
    expect(spins).toEqual([false, true])
  }
})

it('takes more threads only where they gain something', () => {
  const candidates = threadingCandidates(2)
  expect(bestThreading(candidates, [1, 0.99, 0.98])).toBe(0)
  expect(bestThreading(candidates, [1, 0.6, 0.5])).toBe(2)
  expect(bestThreading(candidates, [1, 0.6, 0.8])).toBe(1)
})
