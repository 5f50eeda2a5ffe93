import { defineConfig } from 'vitest/config'
import { softwareVulkanEnvironment } from './engine/gpujs/softwareVulkan.ts'

// The tests' own processes inherit it; inside them it would be too late.
Object.assign(process.env, softwareVulkanEnvironment())

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**'],
    pool: 'forks',
    testTimeout: 60_000,
  },
})
