import { expect, test } from '@playwright/test'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callLab, emptyLibrary } from './calls.ts'
import { rgbaPng } from '../dataset/pictures.ts'
import { answerDialogs } from './dialogs.ts'
import { launchLab, renew, repository, screenshot, type LaunchedLab } from './launch.ts'

let folder: string
let lab: LaunchedLab

test.beforeAll(async () => {
  lab = await launchLab({ size: { width: 1440, height: 900 } })
})
test.afterAll(() => lab.close())
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-photos-'))
  await emptyLibrary(lab.page)
  await renew(lab)
})
test.afterEach(() => {
  expect(lab.errors).toEqual([])
  rmSync(folder, { recursive: true, force: true })
})

/** Drags a file or folder of this machine onto the middle of the window. */
async function drop(path: string): Promise<void> {
  const session = await lab.page.context().newCDPSession(lab.page)
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 700, y: 400, data })
    if (type === 'dragOver') await expect(lab.page.getByText('Drop to import')).toBeVisible()
  }
}

test('a dropped folder of photographs becomes a dataset; files that cannot be read are named', async () => {
  const { page } = lab
  const photos = join(repository, 'test', 'fixtures', 'photos')
  cpSync(photos, folder, { recursive: true })
  writeFileSync(join(folder, 'broken.jpg'), readFileSync(join(photos, 'dune.jpg')).subarray(0, 20_000))
  writeFileSync(join(folder, 'glass.png'), rgbaPng(300, 200, 128))
  await drop(folder)
  const dialog = page.getByRole('dialog', { name: 'Import images' })
  await dialog.getByLabel('Name').fill('photographs')
  await dialog.getByLabel('Patch size').fill('1')
  await expect(dialog.getByText('The patch size must be a whole number from 2 to 64.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Import' })).toBeDisabled()
  await dialog.getByLabel('Patch size').fill('10')
  await dialog.getByRole('button', { name: 'Import' }).click()

  await expect(page.getByRole('heading', { name: 'photographs' })).toBeVisible()
  await expect(page.getByText('13 of 14 files read, converted to greyscale, 1 over mid grey')).toBeVisible()
  await expect(page.getByText('1 image over mid grey', { exact: true })).toBeVisible()
  const skipped = page.getByRole('region', { name: 'Files left out' })
  await expect(skipped).toContainText('1 file left out')
  await expect(skipped).toContainText('broken.jpg')
  await expect(page.getByText('10,000 of 10 × 10')).toBeVisible()
  await screenshot(page, 'dataset-light')
  const [dataset] = await callLab(page, 'datasets.list')
  expect(dataset).toMatchObject({ name: 'photographs', patches: 10_000, visible: 100, skipped: 1 })

  await page.getByRole('button', { name: 'New run with this' }).click()
  await expect(page.getByRole('heading', { name: 'New run' })).toBeVisible()
  await expect(page.getByText('10,000 patches of 10 × 10')).toBeVisible()
})

test('a folder without images is refused in the dialog, and nothing is kept', async () => {
  const { page } = lab
  mkdirSync(join(folder, 'empty'))
  await answerDialogs(lab, join(folder, 'empty'))
  await page.getByRole('button', { name: /Choose folder/ }).click()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('There are no images in')
  expect(await callLab(page, 'datasets.list')).toEqual([])
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('a single dropped picture is refused with the mend', async () => {
  const picture = join(folder, 'aqua.jpg')
  cpSync(join(repository, 'test', 'fixtures', 'photos', 'aqua.jpg'), picture)
  await drop(picture)
  await expect(lab.page.getByRole('alert')).toContainText('Take the folder that holds the images.')
})

test('a generation can be cancelled and leaves no dataset', async () => {
  const { page } = lab
  await page.getByRole('button', { name: 'Datasets' }).first().click()
  await page.getByRole('button', { name: 'Generate…' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Generate a dataset' })
  await dialog.getByLabel('Patches').fill('1000000')
  await dialog.getByRole('button', { name: 'Generate', exact: true }).click()
  await expect(dialog.getByRole('progressbar')).toBeInViewport()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog.getByRole('button', { name: 'Generate', exact: true })).toBeEnabled()
  expect(await callLab(page, 'datasets.list')).toEqual([])
})

test('a dropped table shows its first rows and what its columns are; HDF5 is read by its own library', async () => {
  const { page } = lab
  const rows = Array.from({ length: 6 }, (_, row) => `${row},${row % 2},.${row + 1},.${9 - row},.5${row}`)
  const file = join(folder, 'sensors.csv')
  writeFileSync(file, `,class,left,right,above\n${rows.join('\n')}\n`)
  await drop(file)
  const dialog = page.getByRole('dialog', { name: 'Import an array' })
  await expect(dialog.getByText('Header found. 3 of 5 columns are values.')).toBeVisible()
  await expect(dialog.getByLabel('Use of class')).toHaveValue('label')
  await expect(dialog.getByLabel('Use of Column 1')).toHaveValue('dropped')
  await screenshot(page, 'import-table-light')
  await dialog.getByLabel('Use of above').selectOption('dropped')
  await dialog.getByRole('button', { name: 'Import' }).click()
  await expect(page.getByRole('heading', { name: 'sensors' })).toBeVisible()
  await expect(page.getByText('2 classes: 0 (3), 1 (3)')).toBeVisible()
  await expect(page.getByText('left, right', { exact: true })).toBeVisible()

  await drop(join(repository, 'test', 'fixtures', 'others', 'plain.h5'))
  await dialog.getByRole('button', { name: 'Import' }).click()
  await expect(page.getByRole('heading', { name: 'plain' })).toBeVisible()
  const [dataset] = await callLab(page, 'datasets.list')
  expect(dataset).toMatchObject({ patches: 12, visible: 16, patchSize: 4 })
})
