import { expect, test } from '@playwright/test'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { callLab, listRuns } from './calls.ts'
import { launchLab, screenshot, type LaunchedLab } from './launch.ts'

let lab: LaunchedLab

test.afterEach(async () => {
  expect(lab.errors).toEqual([])
  await lab.close()
})

test('a small sweep: refused while it is nonsense, then trained, shown, compared', async () => {
  lab = await launchLab({ size: { width: 1440, height: 900 } })
  const { page } = lab
  const sampling = { ...defaultSampling, patches: 400 }
  await callLab(page, 'datasets.generate', 'noise', 'static', sampling)
  await callLab(page, 'datasets.generate', 'bars', 'bars', sampling)

  await page.getByRole('button', { name: 'Sweeps' }).click()
  await expect(page.getByText('No sweeps yet')).toBeVisible()
  await page.getByRole('button', { name: 'New sweep…' }).click()
  await expect(page.getByText('9 runs', { exact: true })).toBeVisible()
  const start = page.getByRole('button', { name: 'Start sweep' }).last()
  const list = page.getByLabel('ρ, separated by commas')
  await list.fill('0.05, 1.5')
  await expect(page.getByText('The axis ρ cannot be 1.5')).toBeVisible()
  await expect(start).toBeDisabled()
  await list.fill('0.05, 0.2')
  await page.getByLabel('steps').fill('2')
  await page.getByLabel('Iterations').fill('15')
  await expect(page.getByText('4 runs', { exact: true })).toBeVisible()
  // The dataset varies like any setting.
  await page.getByRole('button', { name: 'Vary another setting' }).click()
  await page
    .getByRole('group', { name: 'Values of hidden units' })
    .getByRole('combobox', { name: 'Setting' })
    .selectOption('dataset')
  await expect(page.getByText('8 runs', { exact: true })).toBeVisible()
  // Datasets have no range.
  const datasetAxis = page.getByRole('group', { name: 'Values of dataset' })
  await expect(datasetAxis.getByRole('button', { name: /^Datasets/ })).toBeVisible()
  await expect(datasetAxis.getByRole('radio')).toHaveCount(0)
  await screenshot(page, 'sweep-form-light')
  await page.getByRole('button', { name: 'Do not vary dataset' }).click()
  await expect(page.getByText('4 runs', { exact: true })).toBeVisible()
  await start.click()

  await expect(page.getByText('Finished, 4 of 4 runs ended')).toBeVisible({ timeout: 60_000 })
  const table = page.getByRole('table', { name: 'Runs, best first' })
  await expect(table.getByRole('row')).toHaveCount(5)
  const runs = await listRuns(page)
  const best = runs.toSorted((a, b) => a.reconstruction! - b.reconstruction!)[0]
  await expect(table.getByRole('row').nth(1)).toContainText(best.name)
  await expect(page.getByRole('grid', { name: `Filters of ${best.name}` })).toBeVisible()
  await page.waitForTimeout(300)
  await screenshot(page, 'sweep-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.waitForTimeout(300)
  await screenshot(page, 'sweep-dark')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.waitForTimeout(300)
  await screenshot(page, 'sweep-1280-dark')

  await page.getByRole('button', { name: 'Compare the best 4' }).click()
  await expect(page.getByRole('heading', { name: 'Compare 4 runs' })).toBeVisible()
  await page.getByRole('button', { name: 'Sweeps' }).click()
  await screenshot(page, 'sweeps-dark')
  await page.getByRole('button', { name: 'New sweep…' }).click()
  await screenshot(page, 'sweep-form-dark')
})
