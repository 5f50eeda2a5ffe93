import { expect, test } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { callLab, emptyLibrary, endOf, listRuns, smallConfig } from './calls.ts'
import { answerDialogs } from './dialogs.ts'
import { launchLab, renew, repository, screenshot, type LaunchedLab } from './launch.ts'

const fixtures = join(repository, 'test', 'fixtures')

let folder: string
let lab: LaunchedLab

test.beforeAll(async () => {
  lab = await launchLab({ size: { width: 1440, height: 900 } })
})
test.afterAll(() => lab.close())
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-datasets-'))
  await emptyLibrary(lab.page)
  await renew(lab)
})
test.afterEach(() => {
  expect(lab.errors).toEqual([])
  rmSync(folder, { recursive: true, force: true })
})

const openDatasets = () => lab.page.getByRole('button', { name: 'Datasets' }).first().click()

test('a dataset is noted and derived from, and says so', async () => {
  const { page } = lab
  await answerDialogs(lab, join(fixtures, 'photos'))
  await page.getByRole('button', { name: /Choose folder/ }).click()
  await page.getByRole('dialog').getByLabel('Least contrast').fill('0.02')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'photos' })).toBeVisible()
  const notes = page.getByRole('textbox', { name: 'Notes' })
  await notes.fill('Twelve *photographs*.')
  await notes.blur()
  await expect(page.locator('em', { hasText: 'photographs' })).toBeVisible()
  await page.getByRole('button', { name: 'photos', exact: true }).click()
  await page.getByRole('textbox', { name: 'Name of the dataset' }).fill('photographs')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'photographs' })).toBeVisible()

  await page.keyboard.press('d')
  const dialog = page.getByRole('dialog', { name: 'Derive from “photographs”' })
  await dialog.getByLabel('Patch size').fill('12')
  await expect(dialog.getByLabel('Name')).toHaveValue('photographs 12×12')
  await dialog.getByRole('combobox', { name: 'Normalisation' }).selectOption('PCA whitening')
  await dialog.getByLabel('Kept variance').fill('0.99')
  await screenshot(page, 'derive-light')
  await dialog.getByRole('button', { name: 'Derive' }).click()

  await expect(page.getByRole('heading', { name: 'photographs 12×12 pca' })).toBeVisible()
  await expect(page.getByText('Kept variance')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Spectrum' })).toBeVisible()
  await screenshot(page, 'dataset-derived-light')
  const [derived] = await callLab(page, 'datasets.list')
  expect(derived).toMatchObject({ patchSize: 12, normalisation: { kind: 'pca', keptVariance: 0.99 } })
  await page.getByText('Derived from').getByRole('button').click()
  const written = page.getByRole('button', { name: 'Edit the notes' })
  await expect(written.locator('em', { hasText: 'photographs' })).toBeVisible()
  await written.click()
  await expect(notes).toHaveValue('Twelve *photographs*.')
  await page.keyboard.press('Escape')
  await screenshot(page, 'dataset-statistics-light')
})

test('a file with several arrays asks which one; patches may lie in columns', async () => {
  const { page } = lab
  await openDatasets()
  await answerDialogs(lab, join(fixtures, 'arrays', 'many.npz'))
  await page.getByRole('button', { name: 'Import array…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import an array' })
  await expect(dialog.getByRole('button', { name: 'Import' })).toBeDisabled()
  const array = dialog.getByRole('combobox', { name: 'Array', exact: true })
  await expect(array).toHaveValue('Choose an array')
  await screenshot(page, 'import-array-light')
  await array.selectOption('X, 12 × 9 float64, patches')
  await dialog.getByRole('radio', { name: 'Each column' }).click()
  await dialog.getByRole('button', { name: 'Import' }).click()
  await expect(page.getByRole('heading', { name: 'many' })).toBeVisible()
  const [dataset] = await callLab(page, 'datasets.list')
  expect(dataset).toMatchObject({ patches: 9, visible: 12, normalisation: { kind: 'none' } })
})

test('the course’s IMAGES.mat is sampled as images', async () => {
  const { page } = lab
  await openDatasets()
  await answerDialogs(lab, join(fixtures, 'arrays', 'IMAGES.mat'))
  await page.getByRole('button', { name: 'Import array…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import an array' })
  await expect(dialog.getByText('A stack of images: patches are sampled from it.')).toBeVisible()
  await dialog.getByLabel('Patches').fill('500')
  await dialog.getByRole('button', { name: 'Import' }).click()
  await expect(page.getByText('IMAGES(:,:,1)', { exact: true })).toBeVisible()
  await screenshot(page, 'dataset-course-light')
})

test('a file that is no array is refused in a message', async () => {
  const { page } = lab
  await openDatasets()
  await answerDialogs(lab, join(fixtures, 'arrays', 'v73.mat'))
  await page.getByRole('button', { name: 'Import array…' }).click()
  await expect(page.getByRole('alert')).toContainText('v73.mat is damaged or no HDF5 file.')
})

test('the gallery shows what each generator makes, and the chosen one live', async () => {
  const { page } = lab
  await openDatasets()
  await page.getByRole('button', { name: 'Generate…' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Generate a dataset' })
  await expect(dialog.getByRole('img', { name: 'The first image that would be made' })).toBeVisible()
  await expect(dialog.getByRole('img', { name: 'Patches of Bars' })).toBeVisible()
  await screenshot(page, 'generators-natural-light')
  await dialog.getByRole('button', { name: /^Patches of Bars|^Bars/ }).click()
  const sheet = dialog.getByRole('img', { name: 'Patches that would be made, before normalisation' })
  await expect(sheet).toBeVisible()
  await page.waitForTimeout(600)
  const before = await sheet.screenshot()
  await dialog.getByLabel('Probability').fill('0.5')
  await page.waitForTimeout(800)
  expect((await sheet.screenshot()).equals(before)).toBe(false)
  await screenshot(page, 'generators-bars-light')
  await dialog.getByLabel('Probability').fill('7')
  await expect(dialog.getByText('Probability must be a number from 0.01 to 0.9.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Generate', exact: true })).toBeDisabled()
  await dialog.getByLabel('Probability').fill('0.3')
  await dialog.getByRole('button', { name: 'Generate', exact: true }).click()
  await expect(page.getByText('each with probability 0.3, seed 1').first()).toBeVisible()
})

test('deleting says first which runs go with the dataset; cleaning up says what it freed', async () => {
  const { page } = lab
  const dataset = await callLab(page, 'datasets.generate', 'bars', 'bars', {
    ...defaultSampling,
    patches: 500,
    normalisation: { kind: 'none' },
  })
  const run = await callLab(page, 'runs.start', {
    datasetId: dataset.id,
    config: { ...smallConfig, hidden: 4, iterations: 3 },
    name: 'short',
    preset: null,
    tags: [],
  })
  await endOf(page, run.id)
  await openDatasets()
  await page.getByRole('button', { name: 'Clean up' }).click()
  await expect(page.getByText('Nothing to remove: everything in the library is in use.')).toBeVisible()
  await screenshot(page, 'datasets-light')
  await page.getByRole('rowheader').getByRole('button', { name: 'bars' }).click()
  await page.getByRole('button', { name: 'Delete the dataset' }).click()
  await expect(page.getByRole('dialog')).toContainText('1 run learned from it: “short”. It goes with it')
  await screenshot(page, 'dataset-delete-light')
  await page.getByRole('button', { name: 'Delete with 1 run' }).click()
  await expect(page.getByRole('heading', { name: 'Datasets', level: 1 })).toBeVisible()
  expect(await callLab(page, 'datasets.list')).toEqual([])
  expect(await listRuns(page)).toEqual([])
})
