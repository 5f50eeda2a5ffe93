import { expect, test, type Page } from '@playwright/test'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { callLab, emptyLibrary, endOf, listRuns, openRun } from './calls.ts'
import { launchLab, renew, screenshot, type LaunchedLab } from './launch.ts'

let lab: LaunchedLab
let page: Page
test.beforeAll(async () => {
  lab = await launchLab({ size: { width: 1440, height: 900 } })
  page = lab.page
})
test.afterAll(() => lab.close())
test.beforeEach(async () => {
  await emptyLibrary(page)
  await renew(lab)
})
test.afterEach(() => expect(lab.errors).toEqual([]))

/** Pictures of the same page in the light and in the dark. */
async function inBothThemes(page: Page, name: string): Promise<void> {
  await screenshot(page, `${name}-light`)
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, `${name}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
}

const sampling = { ...defaultSampling, patches: 1_000 }
const checkButton = (page: Page) => page.getByRole('button', { name: 'Check gradient' })
const found = (page: Page) => page.getByRole('region', { name: 'Gradient check' })
const right = /^The gradient is right: each part is within 2e−(6|8) of what it must be\.$/

test('in the form a button checks the gradient of the engine that would compute', async () => {
  await callLab(page, 'datasets.generate', 'natural', 'Natural', sampling)
  await page.keyboard.press('n')
  await page.getByLabel(/^Hidden units/).fill('0')
  await expect(checkButton(page)).toBeDisabled()
  await page.getByLabel(/^Hidden units/).fill('16')
  await checkButton(page).click()
  await expect(found(page).getByRole('status')).toHaveText(right)
  await expect(found(page).locator('dd')).toHaveText(
    Array.from({ length: 4 }, () => /^\s*\d(\.\d)?e−\d+\s+right\s*$/),
  )
  await inBothThemes(page, 'gradient-form')

  // What was found holds for what was asked.
  await page.getByLabel(/^Sparsity target/).fill('0.2')
  await expect(found(page)).toBeHidden()
})

test('a check that fails says why beside the button', async () => {
  const { id, hash } = await callLab(page, 'datasets.generate', 'natural', 'Natural', sampling)
  await page.keyboard.press('n')
  rmSync(join(lab.library, 'blobs', hash))
  await checkButton(page).click()
  await expect(page.getByRole('alert')).toContainText(`The patches of dataset ${id} "Natural" are missing. `)
})

test('a run with a schedule and validation, from the form to its curves and gradient', async () => {
  await callLab(page, 'datasets.generate', 'natural', 'Natural', sampling)
  await page.keyboard.press('n')
  await page.getByLabel(/^Hidden units/).fill('16')
  await expect(page.getByRole('radio', { name: 'cosine' })).toBeHidden()
  await page.getByRole('radio', { name: 'Adam' }).click()
  await page.getByRole('radio', { name: 'step' }).click()
  await page.getByLabel(/^Decay factor/).fill('1')
  await expect(page.getByRole('alert')).toHaveText('The decay factor must be smaller than 1.')
  await page.getByLabel(/^Decay factor/).fill('0.3')
  await page.getByLabel(/^Epochs between/).fill('10')
  await page.getByLabel(/^Validation share/).fill('0.2')
  await expect(page.getByText('200 for validation')).toBeVisible()
  await page.getByLabel(/^Batch/).fill('50')
  await page.getByLabel(/^Epochs(?! between)/).fill('30')
  await page.getByRole('textbox', { name: /^Name/ }).fill('held out')
  await inBothThemes(page, 'schedule-form')
  await page.getByRole('button', { name: 'Start run' }).last().click()
  await expect(page.getByRole('heading', { name: 'held out' })).toBeVisible()

  const [{ id }] = await listRuns(page)
  const run = await endOf(page, id)
  expect(run.config).toEqual({
    ...defaultConfig,
    hidden: 16,
    optimiser: 'adam',
    schedule: 'step',
    decayFactor: 0.3,
    decayEvery: 10,
    validation: 0.2,
    batch: 50,
    iterations: 30,
  })
  await page.keyboard.press('Escape')
  await openRun(page, 'held out')
  const settings = page.locator('dl', { has: page.getByText('Schedule', { exact: true }) })
  await expect(settings).toContainText(/Schedule\s*step\s*Epochs between decays\s*10\s*Decay factor\s*0\.3/)
  await expect(page.getByText('200 (20.0 %)')).toBeVisible()

  const cost = page.getByRole('region', { name: 'Cost over the iterations' })
  const { validation } = await callLab(page, 'runs.series', id, -1)
  const last = validation[validation.length - 1].toFixed(4)
  // Over a plot the pointer would ask for another iteration.
  await page.getByRole('heading', { name: 'held out' }).hover()
  await expect(cost.locator('.item').filter({ hasText: 'Validation' }).locator('b')).toHaveText(last)
  await checkButton(page).click()
  await expect(found(page).getByRole('status')).toHaveText(right)
  // Not beneath the card that sticks to the bottom of the pane.
  const card = page.getByRole('region', { name: 'Unit under the pointer' })
  const top = async (of: typeof card) => (await of.boundingBox())?.y ?? Number.NaN
  await expect
    .poll(async () => (await top(card)) - (await top(found(page).locator('dd').last())))
    .toBeGreaterThan(16)
  await page.waitForTimeout(300)
  await inBothThemes(page, 'gradient-run')

  await cost.hover()
  await cost.getByRole('button', { name: 'as a table' }).click()
  await expect(cost.getByRole('columnheader', { name: 'Validation' })).toBeVisible()
  await expect(cost.getByRole('row').last()).toContainText(last)
})
