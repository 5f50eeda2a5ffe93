import { defineConfig } from '@playwright/test'

/** Tests of the window: `*.spec.ts`, so that Vitest leaves them alone. `npm run test:e2e` runs them. */
export default defineConfig({
  testDir: './e2e',
  testMatch: '**/*.spec.ts',
  outputDir: './output/playwright',
  // Two windows that train at once would wait for each other's processor.
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
})
