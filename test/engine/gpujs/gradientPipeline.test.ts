import * as gpuJs from 'gpu.js'
import { expect, it } from 'vitest'
import { createGradientPipeline } from '#main/engine/gpujs/gradientPipeline.ts'
import { fixtureCases } from '../fixtureCases.ts'
import { largestDifference } from '../problem.ts'

const { size, m, hyper, patches, theta, gradient: expected } = fixtureCases[1]

it.each([
  { mode: 'webasm', backend: 'webasm' },
  { mode: 'cpu', backend: 'cpu' },
] as const)('knows that gpu.js really ran on $backend', async ({ mode, backend }) => {
  const gpu = new gpuJs.GPU({ mode })
  const pipeline = createGradientPipeline(gpuJs, gpu, { rows: m, size, hyper, threads: true })
  pipeline.setPatches(Float32Array.from(patches))
  const gradient = new Float64Array(theta.length)
  await pipeline.evaluate(theta, gradient)
  expect(pipeline.runsOn().backend).toBe(backend)
  expect(largestDifference(gradient, expected)).toBeLessThan(1e-4)
  await pipeline.release()
  await gpu.destroy()
})
