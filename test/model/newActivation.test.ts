import { describe, expect, test, vi } from 'vitest'
import { trainCommand } from '#main/cli/commands/train.ts'
import { gradientCheck } from '#main/engine/gradientCheck.ts'
import { reproducing, type EngineFactory } from '#main/engine/engine.ts'
import { forward } from '#main/engine/forward.ts'
import { wasmEngine } from '#main/engine/gpujs/wasmEngine.ts'
import { gradientKernels } from '#main/engine/gpujs/gpuKernels.ts'
import { gpuLayout } from '#main/engine/gpujs/gpuLayout.ts'
import { onnxEngine } from '#main/engine/onnx/onnxEngine.ts'
import { loadOnnxRuntime } from '#main/engine/onnx/runtime.ts'
import { referenceEngine } from '#main/engine/reference/referenceEngine.ts'
import { formatOnnx } from '#main/export/weights/formatOnnx.ts'
import { normalisationSchema } from '#shared/domain/dataset.ts'
import { defaultConfig, runConfigSchema, type Activation } from '#shared/domain/runConfig.ts'
import { unreachableValues } from '#shared/domain/unreachableValues.ts'
import { activeShare, shareText } from '#shared/model/activations.ts'
import { weightsFromTheta } from '#shared/model/theta.ts'
import { snippets } from '#shared/snippets/index.ts'
import { fieldsOf, draftOf } from '../../renderer/components/newRun/runDraft.ts'
import { normalisationChoices } from '../../renderer/components/import/samplingDraft.ts'
import { formatNormalisation } from '../../renderer/format/run.ts'
import { formatSettingsPage } from '../../scripts/settingsPage.ts'
import { largestDifference, problem, settings } from '../engine/problem.ts'

// The whole product with one entry more in its table of activations, and nothing else changed: LeCun's tanh, stretched
// so that 1 is where it is steepest.
vi.mock('#shared/model/activations.ts', async (original) => {
  const actual = await original<typeof import('#shared/model/activations.ts')>()
  const { divide, multiply, subtract, tanh, variable } = await import('#shared/model/expression.ts')
  const a = variable('a')
  const entry: import('#shared/model/activations.ts').ActivationEntry = {
    label: 'stretched tanh',
    what: 'Units answer between −1.5 (inactive) and 1.5 (active).',
    value: multiply(1.5, tanh(multiply(0.5, variable('z')))),
    derivative: multiply(0.75, subtract(1, divide(multiply(a, a), 2.25))),
    range: [-1.5, 1.5],
    patchRange: [-1.25, 1.25],
  }
  Object.assign(actual.activationTable, { stretched: entry })
  ;(actual.activationNames as string[]).push('stretched')
  return actual
})

const activation = 'stretched' as Activation
const hyper = { ...settings.hyper, hidden: 7, activation }

describe('an activation that is only in the table', () => {
  test('is a choice of the settings, of the command line, of the form and of the page of settings', async () => {
    expect(runConfigSchema.parse({ ...defaultConfig, activation }).activation).toBe(activation)
    expect(trainCommand.helpInformation()).toContain('"stretched"')
    expect(fieldsOf('network', draftOf({ ...defaultConfig, activation }))).toContain('activation')
    expect(await formatSettingsPage()).toContain('sigmoid, tanh, stretched')
  })

  test.each<EngineFactory>([referenceEngine, onnxEngine, wasmEngine])(
    'is computed by $name with the gradient that central differences show',
    async (factory) => {
      const { shape, patches, theta, gradient } = problem(40, 12, 7)
      // In this thread: others load the table as it is.
      const engine = await factory.create(shape, { ...settings, hyper, threads: 1 })
      await engine.setExamples(reproducing(patches))
      await engine.evaluate(theta, gradient)
      await engine.dispose()
      const { normRatio, referenceRatio } = gradientCheck({
        ...shape,
        hyper,
        patches,
        theta,
        engineGradient: gradient,
      })
      expect(normRatio).toBeLessThan(1e-5)
      expect(referenceRatio).toBeLessThan(1e-5)
    },
  )

  test('is in the kernels of the GPU', () => {
    const { hidden, hiddenDelta } = gradientKernels(gpuLayout({ n: 5, h: 7 }, 1), 10, hyper)
    expect(hidden.source).toContain('1.5 * (1 - 2 / (1 + Math.exp(2 * (0.5 * z0))))')
    expect(hiddenDelta.source).toContain('0.75 * (1 - ')
  })

  test('is in the models and programs that go out', async () => {
    const { theta, patches } = problem(3, 12, 7)
    const weights = weightsFromTheta(theta, { n: 12, h: 7 })
    const { InferenceSession, Tensor } = await loadOnnxRuntime()
    const config = { ...defaultConfig, hidden: 7, activation }
    const model = formatOnnx({ weights, rhoHat: new Float32Array(7), config, normalisation: null } as never)
    const session = await InferenceSession.create(model)
    const { activations } = await session.run({ patches: new Tensor('float32', patches, [3, 12]) })
    const right = forward(weights, config, patches, 3)
    expect(largestDifference(activations.data as Float32Array, right.activations)).toBeLessThan(1e-6)
    await session.release()
    expect(snippets.numpy).toContain('"stretched": lambda z: 1.5 * np.tanh(0.5 * z)')
    expect(snippets.pytorch).toContain('"stretched": lambda z: 1.5 * torch.tanh(0.5 * z)')
    expect(snippets.matlab).toContain('f = @(z) 1.5 .* tanh(0.5 .* z);')
  })

  test('has its range where patches are made for it, and its share of active where that is shown', () => {
    const normalisation = normalisationSchema.parse({ kind: 'squash', range: activation })
    expect(formatNormalisation(normalisation)).toBe('±3σ to −1.25–1.25')
    expect(normalisationChoices.map(({ value }) => value)).toContain(activation)
    expect(unreachableValues({ activation, decoder: 'same' }, { min: -2, max: 1 })?.text).toContain(
      'a stretched decoder gives only −1.5 to 1.5.',
    )
    expect(activeShare(activation, 0)).toBe(0.5)
    expect(shareText(activation)).toEqual({ plus: 1.5, over: 3 })
  })
})
