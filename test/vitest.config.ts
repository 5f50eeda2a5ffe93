import { globSync, readFileSync } from 'node:fs'
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

const root = join(import.meta.dirname, '..')

/**
 * Tests of functions alone: nothing on disk, no process, nothing of the module that a test changes for the next file.
 * They share threads, where a fresh process for each file would take longer than the tests in it.
 */
const pure = globSync(
  'test/{filters,model,numbers,optimiser,query,random,renderer,sweep,text}/**/*.test.ts',
  { cwd: root },
).filter(
  (file) =>
    !/\bvi\.|process\.env|'#db\/|'#main\/(engine|session)\//.test(readFileSync(join(root, file), 'utf8')),
)

export default defineConfig({
  test: {
    root,
    globalSetup: 'test/ownTemporaryFolder.ts',
    // Vitest would leave a core to itself, which with two cores is half of them.
    maxWorkers: '100%',
    testTimeout: patienceMs,
    hookTimeout: patienceMs,
    projects: [
      { extends: true, test: { name: 'pure', include: pure, pool: 'threads', isolate: false } },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...pure],
          pool: 'forks',
        },
      },
    ],
  },
})
