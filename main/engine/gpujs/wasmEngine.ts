import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { LabError } from '#shared/domain/labError.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import type { Engine, EngineFactory, EngineSettings, EngineShape } from '../engine.ts'
import type { GradientProgram } from '../gradientProgram.ts'
import { cpuDevice } from '../cpuDevice.ts'
import { messageOf, orUnavailable } from '../unavailable.ts'
import { createProgramEngine } from '../programEngine.ts'
import { createWasmPipeline } from './wasmPipeline.ts'

/** gpu.js compiling its kernels to WebAssembly: no GPU and no native code needed. */
export const wasmEngine: EngineFactory = {
  name: 'wasm',

  async probe() {
    const device = cpuDevice(availableParallelism())
    try {
      const { GPU } = await import('gpu.js')
      return GPU.isWebAssemblySupported
        ? {
            available: true,
            device,
            reason: 'The portable fallback: gpu.js kernels compiled to WebAssembly, float32.',
          }
        : { available: false, device, reason: 'This JavaScript engine has no WebAssembly with SIMD.' }
    } catch (error) {
      return { available: false, device, reason: `gpu.js cannot be loaded (${messageOf(error)}).` }
    }
  },

  create: (shape, settings) => orUnavailable('gpu.js', () => createWasmEngine(shape, settings)),
}

async function createWasmEngine(shape: EngineShape, settings: EngineSettings): Promise<Engine> {
  const gpuJs = await import('gpu.js')
  const gpu = new gpuJs.GPU({ mode: 'webasm' })
  const { n, h } = shape
  const { version } = createRequire(import.meta.url)('gpu.js/package.json') as { version: string }
  let threads = 1

  async function compile(rows: number): Promise<GradientProgram> {
    const program = createWasmPipeline(gpuJs, gpu, {
      rows,
      size: { n, h },
      hyper: settings.hyper,
      hasTargets: shape.hasTargets === true,
      threads: settings.threads !== 1,
    })
    // gpu.js compiles at the first call, and where it cannot it computes in plain JavaScript with but a warning.
    const { length } = thetaLayout(shape)
    await program.evaluate(new Float64Array(length), new Float64Array(length))
    const { backend, executor, fallbackReason } = program.runsOn()
    if (backend !== 'webasm' || executor === 'generic') {
      await gpu.destroy()
      throw new LabError(
        'engineUnavailable',
        `gpu.js could not compile this network to WebAssembly (${fallbackReason ?? `it ran on ${backend}`}); choose another engine.`,
      )
    }
    // Small batches stay on one thread; what counts is the program for all patches, which is compiled first.
    if (rows === shape.m) threads = executor === 'fused-threaded' ? availableParallelism() : 1
    return program
  }

  const engine = await createProgramEngine({
    shape,
    settings,
    describe: () => ({
      engine: 'wasm',
      backend: 'gpu.js WebAssembly',
      device: cpuDevice(threads),
      precision: 'float32',
      versions: { 'gpu.js': version },
    }),
    compile,
  })
  return {
    ...engine,
    async dispose() {
      await engine.dispose()
      await gpu.destroy()
    },
  }
}
