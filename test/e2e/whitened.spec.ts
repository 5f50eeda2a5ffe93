import { expect, test } from '@playwright/test'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { callLab, endOf, openRun } from './calls.ts'
import { launchLab, screenshot, type LaunchedLab } from './launch.ts'

let lab: LaunchedLab
test.beforeEach(async () => {
  lab = await launchLab()
})
test.afterEach(async () => {
  expect(lab.errors).toEqual([])
  await lab.close()
})

test('filters over whitened patches are drawn as weights or as what they look for in pixels', async () => {
  const { page } = lab
  const { id: datasetId } = await callLab(page, 'datasets.generate', 'natural', 'whitened', {
    ...defaultSampling,
    patches: 3_000,
    normalisation: { kind: 'zca', epsilon: 0.1 },
  })
  const config = { ...defaultConfig, hidden: 36, decoder: 'linear', rho: 0.035, iterations: 60 } as const
  for (const seed of [1, 2]) {
    const run = { datasetId, name: `zca ${seed}`, preset: null, tags: [], config: { ...config, seed } }
    expect((await endOf(page, (await callLab(page, 'runs.start', run)).id)).status).toBe('finished')
  }

  await openRun(page, 'zca 2')
  const grid = page.getByRole('grid', { name: /^Filters of zca 2/ })
  const pixels = page.getByRole('radio', { name: 'Pixels' })
  await expect(grid).toBeVisible()
  await page.waitForTimeout(500)
  const weights = await grid.screenshot()
  await screenshot(page, 'filters-whitened-light')
  await pixels.click()
  await expect.poll(async () => (await grid.screenshot()).equals(weights)).toBe(false)
  await screenshot(page, 'filters-pixels-light')

  await grid.click({ position: { x: 60, y: 60 } })
  await expect(page.getByText('in pixels', { exact: true })).toBeVisible()
  await page.waitForTimeout(1_500)
  await screenshot(page, 'unit-pixels-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'unit-pixels-dark')
})
