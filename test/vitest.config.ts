import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { softwareVulkanEnvironment } from './engine/gpujs/softwareVulkan.ts'
import { useOwnTemporaryFolder } from './ownTemporaryFolder.ts'

// The tests' own processes inherit all this; inside them it would be too late.
useOwnTemporaryFolder()
Object.assign(process.env, softwareVulkanEnvironment())
// Hundreds of processes compile the same files.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'output', 'compile-cache')

/** On a machine ten times as busy a test is slow, and still right. */
const patienceMs = 240_000

export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..'),
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    globalSetup: 'test/ownTemporaryFolder.ts',
    pool: 'forks',
    // Vitest would leave a core to itself, which with two cores is half of them.
    maxWorkers: '100%',
    testTimeout: patienceMs,
    hookTimeout: patienceMs,
  },
})
