import { onTestFinished, describe, expect, it } from 'vitest'
import { generateDataset } from '#main/dataset/generate/generateDataset.ts'
import { checkEngineGradient } from '#main/engine/checkEngineGradient.ts'
import type { EngineFactory } from '#main/engine/engine.ts'
import { engineFactories } from '#main/engine/engines.ts'
import { gpuEngine } from '#main/engine/gpujs/gpuEngine.ts'
import { referenceEngine } from '#main/engine/reference/referenceEngine.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { gradientParts } from '#shared/domain/gradientCheck.ts'
import { presets, type Preset } from '#shared/domain/presets.ts'
import type { EngineName } from '#shared/domain/runConfig.ts'
import { brokenGradients, rightGradient, type GradientProblem } from './brokenGradients.ts'
import { takeSoftwareVulkan } from './gpujs/softwareVulkan.ts'

takeSoftwareVulkan()
const engines: EngineName[] = ['reference', 'onnx', 'wasm']
const gpu = await gpuEngine.probe()
if (gpu.available) engines.push('gpu')
else describe.skip(`gpu: ${gpu.reason}`, () => it('is called right', () => undefined))

/** Few patches, and differences of few parameters, keep this short; the whole gradient is compared anyway. */
const rows = 4
const differences = 2
const longMs = 600_000

async function patchesFor({ data }: Preset) {
  const { patchSize, channels, normalisation, kind } = data
  const sampling = { ...defaultSampling, patches: 400, patchSize, channels, normalisation }
  const { patches, n } =
    kind === 'noise'
      ? await generateDataset('noise', { sampling })
      : await generateDataset('natural', { sampling, parameters: { images: 1 } })
  return { patches: patches.slice(0, rows * n), n }
}

/** An engine that computes in float32 whatever gradient it is told. */
function engineBy(gradientOf: (problem: GradientProblem) => Float64Array): EngineFactory {
  return {
    ...referenceEngine,
    async create(size, settings) {
      const engine = await referenceEngine.create(size, settings)
      let patches: GradientProblem['patches'] = new Float32Array()
      return {
        ...engine,
        describe: () => ({ ...engine.describe(), precision: 'float32' }),
        async setExamples({ inputs }) {
          patches = inputs
        },
        async evaluate(theta, gradient) {
          gradient.set(gradientOf({ theta, size, hyper: settings.hyper, patches }).map(Math.fround))
          return { squaredError: 0, rhoHat: new Float64Array(size.h) }
        },
      }
    },
  }
}

describe.each(presets)('the gradient check on the preset $id', (preset) => {
  const data = patchesFor(preset)

  async function checked(gradientOf: (problem: GradientProblem) => Float64Array) {
    engineFactories.reference = engineBy(gradientOf)
    const { patches, n } = await data
    return checkEngineGradient({ ...preset.config, engine: 'reference' }, patches, n, 10_000, differences)
  }

  it.each(engines)(
    'calls the gradient of %s right, part by part',
    async (engine) => {
      const { patches, n } = await data
      for (const seed of [1, 2]) {
        const config = { ...preset.config, engine, seed }
        const check = await checkEngineGradient(config, patches, n, 10_000, differences)
        const wrong = gradientParts.filter((part) => !check.parts[part].passed)
        expect({ wrong, passed: check.passed }).toEqual({ wrong: [], passed: true })
      }
    },
    longMs,
  )

  it(
    'calls each of many wrong gradients wrong, and the right one right',
    async () => {
      const { reference } = engineFactories
      onTestFinished(() => void (engineFactories.reference = reference))
      expect((await checked(rightGradient)).passed).toBe(true)
      const rights = new Map<number, Float64Array>()
      for (const [name, gradientOf] of Object.entries(brokenGradients)) {
        // What a preset has no term for cannot be wrong in it.
        let differs = false
        const { passed, limit, normRatio, referenceRatio, parts } = await checked((problem) => {
          const gradient = gradientOf(problem)
          const right = rights.get(problem.hyper.beta) ?? rightGradient(problem)
          rights.set(problem.hyper.beta, right)
          differs ||= gradient.some((value, i) => value !== right[i])
          return gradient
        })
        const worst = Math.max(...gradientParts.map((part) => parts[part].referenceRatio))
        expect({ name, passed, limit, normRatio, referenceRatio }).toMatchObject({ name, passed: !differs })
        // Not by a hair: what is wrong lies far from what rounding gives.
        if (differs) expect(worst, name).toBeGreaterThan(3 * limit)
      }
    },
    longMs,
  )
})

it('every kind of wrong gradient is wrong on some preset, or it would be no test', async () => {
  const size = { n: 6, h: 5 }
  const theta = Float64Array.from({ length: 2 * 30 + 11 }, (_, i) => Math.sin(i + 1) / 2)
  const patches = Float64Array.from({ length: 7 * size.n }, (_, i) => 0.5 + 0.4 * Math.sin(3 * i))
  for (const [name, gradientOf] of Object.entries(brokenGradients)) {
    const differs = presets.some(({ config }) => {
      const problem = { theta, size, hyper: { ...config, hidden: size.h }, patches }
      const right = rightGradient(problem)
      return gradientOf(problem).some((value, i) => value !== right[i])
    })
    expect(differs, name).toBe(true)
  }
})
