import { expect, test } from '@playwright/test'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { callLab, emptyLibrary, endOf, listRuns } from './calls.ts'
import { launchLab, renew, screenshot, type LaunchedLab } from './launch.ts'

let lab: LaunchedLab
test.beforeAll(async () => {
  lab = await launchLab()
})
test.afterAll(() => lab.close())
test.beforeEach(async () => {
  await emptyLibrary(lab.page)
  await renew(lab)
})
test.afterEach(() => expect(lab.errors).toEqual([]))

test('the form refuses nonsense before it starts, warns of data that do not fit, and starts what it shows', async () => {
  const { page } = lab
  await callLab(page, 'datasets.generate', 'bars', 'bars', { ...defaultSampling, patches: 1_000 })
  await page.keyboard.press('n')
  const start = page.getByRole('button', { name: 'Start run' }).last()
  await expect(start).toBeEnabled()

  await page.getByLabel(/^Hidden units/).fill('0')
  await expect(page.getByRole('alert')).toHaveText('Hidden units must be at least 1.')
  await expect(start).toBeDisabled()
  await page.getByLabel(/^Hidden units/).fill('16')
  await expect(page.getByText('2,128', { exact: true })).toBeVisible()

  await page.getByLabel(/^Sparsity target/).fill('1e-1')
  await page.getByLabel(/^Batch/).waitFor({ state: 'hidden' })
  await page.getByRole('radio', { name: 'Adam' }).click()
  await page.getByLabel(/^Batch/).fill('5000')
  await expect(page.getByText('A batch of 5,000 is more than the 1,000 patches there are.')).toBeVisible()
  await screenshot(page, 'new-run-light')
  await page.getByLabel(/^Batch/).fill('100')
  await page.getByLabel(/^Epochs/).fill('5')
  await page.getByRole('textbox', { name: /^Name/ }).fill('from the form')
  await page.getByRole('textbox', { name: /^Tags/ }).fill('thesis, fig 3')
  await start.click()

  await expect(page.getByRole('heading', { name: 'from the form' })).toBeVisible()
  const [{ id }] = await listRuns(page)
  const run = await endOf(page, id)
  expect(run).toMatchObject({
    name: 'from the form',
    status: 'finished',
    iterations: 5,
    preset: null,
    config: { hidden: 16, rho: 0.1, optimiser: 'adam', batch: 100, iterations: 5 },
  })
  expect(run.tags.toSorted()).toEqual(['fig 3', 'thesis'])
  // Back leads to the table, not to the form that is done with.
  await page.keyboard.press('Escape')
  await expect(page.getByRole('grid', { name: 'Runs' })).toBeVisible()
})

test('the first start offers the demo, one key to a finished run', async () => {
  const { page } = lab
  await expect(page.getByRole('heading', { name: 'Start with images' })).toBeVisible()
  await screenshot(page, 'empty-light')
  await page.keyboard.press('d')
  await expect(page.getByRole('heading', { name: 'Edges from sample images' })).toBeVisible({
    timeout: 60_000,
  })
  const [{ id }] = await listRuns(page)
  expect((await endOf(page, id)).status).toBe('finished')
})
