import gpuJsPackage from 'gpu.js/package.json' with { type: 'json' }
import { LabError } from '#shared/domain/labError.ts'
import type { GpuDevice } from './gpuDevice.ts'
import { gpuFactory } from './gpuFactory.ts'
import { preferFast } from './preferFast.ts'
import { openWebGl2 } from './webGl2Device.ts'
import { openWebGpu } from './webGpuDevice.ts'

/** gpu.js on the GPU from a window: WebGPU, else WebGL2. Knows no Node. */
export const windowGpuEngine = gpuFactory(openInWindow)

const versions = { 'gpu.js': gpuJsPackage.version }

let prepared = false

async function openInWindow(): Promise<GpuDevice> {
  const gpuJs = await import('gpu.js')
  if (!prepared && 'gpu' in navigator) preferFast(navigator.gpu)
  prepared = true
  const webGpu = await openWebGpu(gpuJs, versions).catch(() => null)
  if (webGpu?.adapter.hardware) return webGpu
  const webGl2 = await openWebGl2(gpuJs, versions).catch(() => null)
  const best = webGpu && !webGl2?.adapter.hardware ? webGpu : webGl2
  if (webGpu && best !== webGpu) await webGpu.dispose()
  if (webGl2 && best !== webGl2) await webGl2.dispose()
  if (best) return best
  throw new LabError(
    'engineUnavailable',
    'This system gives the app neither WebGPU nor WebGL2 with floating-point textures.',
  )
}
