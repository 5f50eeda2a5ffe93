import { onTestFinished, describe, expect, it } from 'vitest'
import { checkEngineGradient } from '#main/engine/checkEngineGradient.ts'
import type { EngineFactory } from '#main/engine/engine.ts'
import { engineFactories } from '#main/engine/engines.ts'
import { referenceEngine } from '#main/engine/reference/referenceEngine.ts'
import { gradientParts } from '#shared/domain/gradientCheck.ts'
import { defaultConfig, type EngineName } from '#shared/domain/runConfig.ts'
import { thetaLayout } from '#shared/model/theta.ts'

const [m, n, h] = [10, 16, 6]
const patches = Float32Array.from({ length: m * n }, (_, i) => 0.1 + (0.8 * ((i * 7) % 11)) / 10)
const config = { ...defaultConfig, hidden: h }

/** The reference engine, but what it says of the gradient is bent. */
function bendGradient(bend: (gradient: Float64Array) => void): EngineFactory {
  return {
    ...referenceEngine,
    async create(shape, settings) {
      const engine = await referenceEngine.create(shape, settings)
      return Object.assign(engine, {
        evaluate: ((evaluate) => async (theta: Float64Array, gradient: Float64Array) => {
          const result = await evaluate(theta, gradient)
          bend(gradient)
          return result
        })(engine.evaluate.bind(engine)),
      })
    },
  }
}

function put(factory: EngineFactory): void {
  const { reference } = engineFactories
  onTestFinished(() => void (engineFactories.reference = reference))
  engineFactories.reference = factory
}

describe('checking the gradient of an engine', () => {
  it.each([
    ['onnx', 'float32', 2e-6],
    ['wasm', 'float32', 2e-6],
    ['reference', 'float64', 2e-8],
  ] as const)('finds %s right, by the limit of %s', async (engine: EngineName, precision, limit) => {
    const check = await checkEngineGradient({ ...config, engine }, patches, n, 500)
    expect(check).toMatchObject({ engine, precision, limit, passed: true, patches: m })
    // All of the biases and of the small weight matrices.
    expect(gradientParts.map((part) => check.parts[part].checked)).toEqual([96, 96, 6, 16])
  })

  it('says which engine automatic took, and why', async () => {
    const check = await checkEngineGradient({ ...config, engine: 'auto' }, patches, n, 500)
    expect(check.passed).toBe(true)
    expect(check.reason).toMatch(/\.$/)
    expect(check.reason).not.toBe('Chosen by name.')
  })

  it('finds a wrong term, and the part that it is in', async () => {
    const { W2, b1 } = thetaLayout({ n, h })
    put(
      bendGradient((gradient) => {
        for (let k = W2; k < b1; k++) gradient[k] *= 1.01
      }),
    )
    const check = await checkEngineGradient({ ...config, engine: 'reference' }, patches, n, 500)
    expect(check.passed).toBe(false)
    expect(check.parts.W2.normRatio).toBeCloseTo(0.005, 3)
    expect(gradientParts.filter((part) => !check.parts[part].passed)).toEqual(['W2'])
  })

  it('checks at biases that are not 0, with the sparsity term and without', async () => {
    const points: number[][] = []
    put({
      ...referenceEngine,
      async create(shape, settings) {
        const engine = await referenceEngine.create(shape, settings)
        return {
          ...engine,
          async evaluate(theta, gradient) {
            points.push([settings.hyper.beta, ...theta.subarray(thetaLayout(shape).b1)])
            return engine.evaluate(theta, gradient)
          },
        }
      },
    })
    const { checks } = await checkEngineGradient({ ...config, engine: 'reference' }, patches, n, 500)
    expect(checks.map(({ beta }) => beta)).toEqual([config.beta, 0])
    expect(points.map(([beta]) => beta)).toEqual([config.beta, 0])
    for (const [, ...biases] of points) expect(biases.filter((bias) => bias === 0)).toEqual([])
  })

  it('does not pass a gradient that is not a number', async () => {
    put(bendGradient((gradient) => void (gradient[3] = Number.NaN)))
    const check = await checkEngineGradient({ ...config, engine: 'reference' }, patches, n, 500)
    expect(check.passed).toBe(false)
    expect(check.normRatio).toBeNaN()
  })

  it('checks fewer parameters of a large network, but some of each part', async () => {
    const large = { ...config, engine: 'reference', hidden: 1_000 } as const
    const wide = Float32Array.from({ length: 2 * 400 }, (_, i) => (i % 9) / 9)
    const check = await checkEngineGradient(large, wide, 400, 2)
    expect(check.passed).toBe(true)
    const checked = check.parts.W1.checked
    expect(checked).toBeGreaterThanOrEqual(20)
    expect(checked).toBeLessThan(200)
  })
})
