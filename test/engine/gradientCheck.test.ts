import { describe, expect, it } from 'vitest'
import { reproducing } from '#main/engine/engine.ts'
import { gradientCheck } from '#main/engine/gradientCheck.ts'
import { onnxEngine } from '#main/engine/onnx/onnxEngine.ts'
import { costAndGradient } from '#main/engine/reference/costAndGradient.ts'
import { createStream } from '#shared/random/stream.ts'
import { fixtureCases, laterCases } from './fixtureCases.ts'
import { problem, settings } from './problem.ts'

describe('checking a gradient against central differences', () => {
  it.each([...fixtureCases, ...laterCases])(
    'passes the reference: $name',
    ({ size, m, hyper, patches, theta }) => {
      const check = gradientCheck({ ...size, m, hyper, patches, theta })
      expect(check.checked).toBe(theta.length)
      expect(check.normRatio).toBeLessThan(1e-8)
      expect(check.referenceRatio).toBe(0)
      expect(check.largestRelativeError).toBeLessThan(1e-6)
    },
  )

  it('passes the onnx engine within float32', async () => {
    const { shape, patches, theta, gradient } = problem(10, 12, 7)
    const hyper = { ...settings.hyper, hidden: 7 }
    const engine = await onnxEngine.create(shape, { ...settings, hyper })
    await engine.setExamples(reproducing(patches))
    await engine.evaluate(theta, gradient)
    await engine.dispose()
    const check = gradientCheck({ ...shape, hyper, patches, theta, engineGradient: gradient })
    expect(check.normRatio).toBeLessThan(1e-6)
    expect(check.normRatio).toBeGreaterThan(1e-10)
  })

  it.each([
    ['W1', 0],
    ['W2', 2 * 24],
    ['b1', 48 + 2],
    ['b2', 48 + 4 + 3],
  ] as const)('finds one wrong entry in %s and names no other part', (part, index) => {
    const { size, m, hyper, patches, theta, gradient } = fixtureCases[0]
    const wrong = gradient.slice()
    wrong[part === 'W2' ? index - 1 : index] *= 1.01
    const check = gradientCheck({ ...size, m, hyper, patches, theta, engineGradient: wrong })
    expect(check.largestRelativeError).toBeGreaterThan(1e-3)
    for (const [name, { largestRelativeError }] of Object.entries(check.parts)) {
      if (name === part) expect(largestRelativeError).toBeGreaterThan(1e-3)
      else expect(largestRelativeError).toBeLessThan(1e-6)
    }
  })

  it('does not pass a gradient that is not a number', () => {
    const { size, m, hyper, patches, theta, gradient } = fixtureCases[0]
    const wrong = gradient.slice()
    wrong[5] = Number.NaN
    const check = gradientCheck({ ...size, m, hyper, patches, theta, engineGradient: wrong })
    expect(check.largestRelativeError).toBeNaN()
    expect(check.normRatio).toBeNaN()
  })

  it('takes differences of a sample of each part, the same one for the same stream', () => {
    const { shape, patches, theta } = problem(5, 12, 7)
    const options = { ...shape, hyper: { ...settings.hyper, hidden: 7 }, patches, theta }
    const sampled = (seed: number) =>
      gradientCheck({ ...options, sample: { most: 9, random: createStream({ seed }, 'checkedParameters') } })
    const check = sampled(4)
    expect(Object.values(check.parts).map(({ checked }) => checked)).toEqual([9, 9, 7, 9])
    expect(sampled(4)).toEqual(check)
    expect(sampled(5)).not.toEqual(check)
  })

  it('finds a wrong entry that no difference was taken of', () => {
    const { shape, patches, theta } = problem(5, 12, 7)
    const hyper = { ...settings.hyper, hidden: 7 }
    const gradient = new Float64Array(theta.length)
    costAndGradient(theta, shape, hyper, reproducing(patches), gradient)
    gradient[17] = 0
    const sample = { most: 0, random: createStream({ seed: 1 }, 'checkedParameters') }
    const { parts } = gradientCheck({ ...shape, hyper, patches, theta, engineGradient: gradient, sample })
    expect(parts.W1.normRatio).toBe(0)
    expect(parts.W1.referenceRatio).toBeGreaterThan(1e-3)
    expect(parts.W2.referenceRatio).toBe(0)
  })

  it('refuses patches of another shape', () => {
    const { shape, patches, theta } = problem(5, 12, 7)
    const options = { ...shape, hyper: { ...settings.hyper, hidden: 7 }, patches: patches.subarray(1), theta }
    expect(() => gradientCheck(options)).toThrow(/5 patches of 12 pixels/)
  })
})
