import { existsSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { cacheFolder } from '../../../scripts/electron/cacheFolder.ts'

const driverFile = 'vk_swiftshader_icd.json'

/**
 * The folder of an Electron, which brings SwiftShader along: a Vulkan driver that computes on the processor, so that
 * the kernels for GPUs can be checked where there is none. Undefined where no Electron has been fetched yet.
 */
function folder(): string | undefined {
  const electron = process.env['RHO_LAB_ELECTRON']
  const root = cacheFolder()
  const fetched = existsSync(root) ? readdirSync(root).filter((name) => name.startsWith('electron-')) : []
  return [
    ...(electron ? [dirname(electron)] : []),
    join(import.meta.dirname, '..', '..', '..', 'node_modules', 'electron', 'dist'),
    ...fetched.map((name) => join(root, name)),
  ].find((path) => existsSync(join(path, driverFile)))
}

/** For processes that are yet to be started: where they find the Vulkan loader. */
export function softwareVulkanEnvironment(): Record<string, string> {
  const found = process.platform === 'linux' ? folder() : undefined
  if (found === undefined) return {}
  const paths = [process.env['LD_LIBRARY_PATH'], found].filter((path) => path !== undefined && path !== '')
  return { LD_LIBRARY_PATH: paths.join(delimiter) }
}

/** For this process: takes SwiftShader for its GPU, unless it has one. */
export function takeSoftwareVulkan(): void {
  const found = folder()
  const hasGpu = ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((path) => existsSync(path))
  if (found === undefined || hasGpu || process.platform !== 'linux') return
  process.env['VK_DRIVER_FILES'] ??= join(found, driverFile)
}
