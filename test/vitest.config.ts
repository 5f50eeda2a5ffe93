import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { softwareVulkanEnvironment } from './engine/gpujs/softwareVulkan.ts'

// The tests' own processes inherit it; inside them it would be too late.
Object.assign(process.env, softwareVulkanEnvironment())
// Hundreds of processes compile the same files.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache')

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    pool: 'forks',
    // Vitest would leave a core to itself, which with two cores is half of them.
    maxWorkers: '100%',
    testTimeout: 60_000,
  },
})
