import type { Tensor } from 'onnxruntime-node'
import { cpuDevice } from '../cpuDevice.ts'
import { physicalCores } from '../choice/processor.ts'
import type { Engine, EngineFactory, EngineSettings, EngineShape, Tuning } from '../engine.ts'
import { inPrecision } from '../programEngine.ts'
import { checkPatches, checkTheta } from '../shapeCheck.ts'
import { messageOf, orUnavailable } from '../unavailable.ts'
import { rowShares } from './blocks.ts'
import { createOnnxMiniBatch } from './onnxMiniBatch.ts'
import type { ElementType } from './onnxModel.ts'
import { loadOnnxRuntime } from './runtime.ts'
import { createSharedGradient } from './sharedGradient.ts'
import { readable, tensorOf, valuesOf } from './tensors.ts'
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
  const { m, n, h } = shape
  const { hyper, threads = 1, spin = threads > 1 } = settings
  const version = String(ort.env.versions.node)
  // As many as the machine has cores, whoever computes them: a gradient is the same for every number of threads.
  const shares = rowShares(m, Math.max(threads, physicalCores()))
  const gradient = await createSharedGradient(
    ort,
    { size: { n, h }, hyper, elementType, shares },
    { threads, spin },
  )
  const noPatches = () => tensorOf(ort, valuesOf(elementType, 0), [0, n])
  let patches: Tensor = noPatches()
  const { release, ...miniBatch } = createOnnxMiniBatch(ort, {
    shape,
    settings,
    elementType,
    threading: { threads, spin },
    patches: () => patches,
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
    async setPatches(given) {
      checkPatches(shape, given)
      const values = inPrecision(given, elementType)
      await gradient.setPatches(values)
      patches = tensorOf(ort, await readable(ort, values), [m, n])
    },
    async evaluate(theta, gradientOut) {
      checkTheta(shape, theta, gradientOut)
      return gradient.evaluate(theta, gradientOut)
    },
    ...miniBatch,
    async dispose() {
      await gradient.release()
      await release()
      patches = noPatches()
    },
  }
}
