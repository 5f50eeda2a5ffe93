import type { Tensor } from 'onnxruntime-node'
import { cpuDevice } from '../cpuDevice.ts'
import { physicalCores } from '../choice/processor.ts'
import type { Engine, EngineFactory, EngineSettings, EngineShape, Patches, Tuning } from '../engine.ts'
import { examplesIn } from '../programEngine.ts'
import { checkExamples, checkTheta } from '../shapeCheck.ts'
import { messageOf, orUnavailable } from '../unavailable.ts'
import { rowShares } from './blocks.ts'
import { createOnnxMiniBatch } from './onnxMiniBatch.ts'
import type { ElementType } from './onnxModel.ts'
import { loadOnnxRuntime } from './runtime.ts'
import { createSharedGradient } from './sharedGradient.ts'
import { readable, tensorOf } from './tensors.ts'
import { tuneThreads } from './tuneThreads.ts'

/** ONNX Runtime on the CPU in float32: what nearly everybody trains with. */
export const onnxEngine = onnxFactory('float32')

/** The same graph in float64, to tell an error of the graph from one of rounding. */
export const onnxFloat64Engine = onnxFactory('float64')

function onnxFactory(elementType: ElementType): EngineFactory {
  const create: EngineFactory['create'] = (shape, settings) =>
    orUnavailable('ONNX Runtime', async () =>
      createOnnxEngine(
        shape,
        settings.threads === undefined ? (await tune(shape, settings)).settings : settings,
        elementType,
      ),
    )

  async function tune(shape: EngineShape, settings: EngineSettings): Promise<Tuning> {
    const { env } = await loadOnnxRuntime()
    return tuneThreads(create, `${env.versions.node} ${elementType}`, shape, settings)
  }

  return {
    name: 'onnx',

    async probe() {
      const cores = physicalCores()
      const device = cores === 1 ? cpuDevice(1) : `CPU, up to ${cores} threads`
      try {
        const { env } = await loadOnnxRuntime()
        return { available: true, device, reason: `ONNX Runtime ${env.versions.node}, ${elementType}.` }
      } catch (error) {
        return { available: false, device, reason: `ONNX Runtime cannot be loaded (${messageOf(error)}).` }
      }
    },

    tune,
    create,
  }
}

async function createOnnxEngine(
  shape: EngineShape,
  settings: EngineSettings,
  elementType: ElementType,
): Promise<Engine> {
  const ort = await loadOnnxRuntime()
  const { m, n, h, hasTargets = false } = shape
  const { hyper, threads = 1, spin = threads > 1 } = settings
  const version = String(ort.env.versions.node)
  // As many as the machine has cores, whoever computes them: a gradient is the same for every number of threads.
  const shares = rowShares(m, Math.max(threads, physicalCores()))
  const gradient = await createSharedGradient(
    ort,
    { size: { n, h }, hyper, elementType, shares },
    { threads, spin },
  )
  let examples: Record<string, Tensor> = {}
  const { release, ...miniBatch } = createOnnxMiniBatch(ort, {
    shape,
    settings,
    elementType,
    threading: { threads, spin },
    examples: () => examples,
  })

  return {
    describe: () => ({
      engine: 'onnx',
      backend: `ONNX Runtime ${version}`,
      device: cpuDevice(threads),
      precision: elementType,
      threads,
      versions: { 'onnxruntime-node': version },
    }),
    async setExamples(given) {
      checkExamples(shape, given)
      const values = examplesIn(given, elementType)
      await gradient.setExamples(values)
      const tensor = async (patches: Patches) => tensorOf(ort, await readable(ort, patches), [m, n])
      examples = {
        inputs: await tensor(values.inputs),
        ...(hasTargets && { targets: await tensor(values.targets) }),
      }
    },
    async evaluate(theta, gradientOut) {
      checkTheta(shape, theta, gradientOut)
      return gradient.evaluate(theta, gradientOut)
    },
    ...miniBatch,
    async dispose() {
      await gradient.release()
      await release()
      examples = {}
    },
  }
}
