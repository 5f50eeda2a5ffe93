import { LabError } from '#shared/domain/labError.ts'
import type { EngineFactory } from '../engine.ts'
import { messageOf, orUnavailable } from '../unavailable.ts'
import type { GpuDevice } from './gpuDevice.ts'
import { createGpuProgram } from './gpuProgram.ts'

/**
 * The best graphics device of this process.
 * @throws LabError engineUnavailable where there is none; the message says why, one sentence
 */
export type OpenGpu = () => Promise<GpuDevice>

/** gpu.js on the GPU, whichever way this process reaches it. */
export function gpuFactory(open: OpenGpu): EngineFactory {
  let known: ReturnType<EngineFactory['probe']> | null = null
  return {
    name: 'gpu',
    // A GPU is not put in while the program runs.
    probe: () => (known ??= probe(open)),
    create: (shape, settings) =>
      orUnavailable('gpu.js', async () => {
        const device = await open()
        try {
          return await createGpuProgram(device, shape, settings)
        } catch (error) {
          await device.dispose().catch(() => undefined)
          throw error
        }
      }),
  }
}

async function probe(open: OpenGpu): ReturnType<EngineFactory['probe']> {
  try {
    const device = await open()
    const { backend, adapter } = device
    await device.dispose()
    const reason = adapter.hardware
      ? `${backend}, float32.`
      : `${backend} on a software adapter: right results at the processor's speed, so auto never takes it.`
    return { available: true, device: adapter.name, reason, hardware: adapter.hardware }
  } catch (error) {
    const reason = error instanceof LabError ? error.message : `The GPU cannot be used (${messageOf(error)}).`
    return { available: false, device: 'none', reason, hardware: false }
  }
}
