import { availableParallelism } from 'node:os'
import type { Engine, EngineFactory, EngineSettings, EngineShape } from '../engine.ts'
import { cpuDevice } from '../cpuDevice.ts'
import { createProgramEngine } from '../programEngine.ts'
import { messageOf, orUnavailable } from '../unavailable.ts'
import { rowBlocks } from './blocks.ts'
import { createGradientSession } from './gradientSession.ts'
import type { ElementType } from './onnxModel.ts'

/** More threads than this have little left to share in a graph of this size. */
const maxThreads = 2
const defaultThreads = () => Math.min(maxThreads, availableParallelism())

/** ONNX Runtime on the CPU in float32: what nearly everybody trains with. */
export const onnxEngine = onnxFactory('float32')

/** The same graph in float64, to tell an error of the graph from one of rounding. */
export const onnxFloat64Engine = onnxFactory('float64')

function onnxFactory(elementType: ElementType): EngineFactory {
  return {
    name: 'onnx',

    async probe() {
      const device = cpuDevice(defaultThreads())
      try {
        const { env } = await import('onnxruntime-node')
        return { available: true, device, reason: `ONNX Runtime ${env.versions.node}, ${elementType}.` }
      } catch (error) {
        return { available: false, device, reason: `ONNX Runtime cannot be loaded (${messageOf(error)}).` }
      }
    },

    create: (shape, settings) =>
      orUnavailable('ONNX Runtime', () => createOnnxEngine(shape, settings, elementType)),
  }
}

async function createOnnxEngine(
  shape: EngineShape,
  settings: EngineSettings,
  elementType: ElementType,
): Promise<Engine> {
  const ort = await import('onnxruntime-node')
  const { n, h } = shape
  const { hyper, threads = defaultThreads() } = settings
  const version = String(ort.env.versions.node)
  return createProgramEngine({
    shape,
    settings,
    describe: () => ({
      engine: 'onnx',
      backend: `ONNX Runtime ${version}`,
      device: cpuDevice(threads),
      precision: elementType,
      versions: { 'onnxruntime-node': version },
    }),
    compile(rows, movingAverage) {
      const blocks = rowBlocks(rows, n, h, elementType === 'float32' ? 4 : 8)
      return createGradientSession(
        ort,
        { size: { n, h }, hyper, blocks, elementType, movingAverage },
        threads,
      )
    },
  })
}
