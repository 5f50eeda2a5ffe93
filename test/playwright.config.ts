import { defineConfig } from '@playwright/test'
import { useOwnTemporaryFolder } from './ownTemporaryFolder.ts'

useOwnTemporaryFolder()

/** X servers without a screen (scripts/testWindow.ts): one for each file of tests that runs at a time. */
const displays = process.env['RHO_LAB_DISPLAYS']?.split(',') ?? []
// Each worker reads this file too; whatever its tests start, a second app among them, inherits its display.
const worker = process.env['TEST_PARALLEL_INDEX']
if (worker !== undefined && displays.length > 0) process.env['DISPLAY'] = displays[Number(worker)]

/** Tests of the window: `*.spec.ts`, so that Vitest leaves them alone. `npm run test:e2e` runs them. */
export default defineConfig({
  testDir: './e2e',
  testMatch: '**/*.spec.ts',
  outputDir: './output/playwright',
  globalSetup: './ownTemporaryFolder.ts',
  // On a person's own screen windows would take the focus from each other.
  workers: Math.max(1, displays.length),
  // On a machine ten times as busy a test is slow, and still right.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
})
