import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { LabError } from '#shared/domain/labError.ts'
import { messageOf } from '../unavailable.ts'
import type { GpuDevice } from './gpuDevice.ts'
import { preferFast } from './preferFast.ts'
import { closeWebGpu, openWebGpu } from './webGpuDevice.ts'

let users = 0

/**
 * WebGPU in plain Node: Dawn, the implementation that Chromium has, as the npm package `webgpu`.
 * @throws LabError engineUnavailable where this process has no GPU
 */
export async function openDawn(): Promise<GpuDevice> {
  if (process.versions.electron !== undefined) {
    throw unavailable('This process of the app does not reach the GPU; a hidden window of the app does.')
  }
  if (!hasDriver()) throw unavailable('No GPU is present: neither a graphics device nor a Vulkan driver.')
  const require = createRequire(import.meta.url)
  const versionOf = (name: string) => (require(`${name}/package.json`) as { version: string }).version
  try {
    if (users++ === 0) await provideWebGpu()
    if (!(await navigator.gpu.requestAdapter())) throw new Error('the graphics driver offers no adapter')
    const gpuJs = await import('gpu.js')
    const versions = { 'gpu.js': versionOf('gpu.js'), webgpu: versionOf('webgpu') }
    const device = await openWebGpu(gpuJs, versions)
    return {
      ...device,
      backend: `${device.backend} (Dawn)`,
      async dispose() {
        await device.dispose()
        if (--users === 0) {
          await closeWebGpu(gpuJs)
          removeWebGpu()
        }
      },
    }
  } catch (error) {
    if (--users === 0) removeWebGpu()
    throw unavailable(`No GPU can be used here (${messageOf(error).split('\n')[0].replace(/\.$/, '')}).`)
  }
}

async function provideWebGpu(): Promise<void> {
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  Object.defineProperty(navigator, 'gpu', { value: preferFast(create([])), configurable: true })
}

/** As long as there is a reference to it, the process does not end. */
function removeWebGpu(): void {
  Reflect.deleteProperty(navigator, 'gpu')
}

/** Whether to load a graphics driver at all: that takes time, and it complains where it finds nothing. */
function hasDriver(): boolean {
  if (process.platform !== 'linux') return true
  if (process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES']) return true
  return ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((path) => existsSync(path))
}

const unavailable = (reason: string): LabError => new LabError('engineUnavailable', reason)
