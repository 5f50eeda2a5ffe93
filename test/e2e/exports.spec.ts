import { expect, test, type Locator, type Page } from '@playwright/test'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseNpz } from '#main/export/parseNpz.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { exportKindNames, exportKinds, isFolderExport } from '#shared/domain/exportRequest.ts'
import { callLab, emptyLibrary, endOf, listRuns, openRun, smallConfig } from './calls.ts'
import { answerDialogs, answered, chooseCommand } from './dialogs.ts'
import { launchLab, renew, repository, screenshot, type LaunchedLab } from './launch.ts'
import { readPixels } from './pixels.ts'

let folder: string
let lab: LaunchedLab

test.beforeAll(async () => {
  lab = await launchLab()
})
test.afterAll(() => lab.close())
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-exports-'))
  await emptyLibrary(lab.page)
  await renew(lab)
})
test.afterEach(() => rmSync(folder, { recursive: true, force: true }))

const filters = (page: Page): Locator => page.getByRole('grid', { name: /^Filters of/ }).locator('canvas')

async function train(name: string, iterations: number): Promise<number> {
  const { page } = lab
  const [known] = await callLab(page, 'datasets.list')
  const dataset =
    known ?? (await callLab(page, 'datasets.generate', 'bars', 'bars', { ...defaultSampling, patches: 500 }))
  const config = { ...smallConfig, hidden: 16, iterations }
  const { id } = await callLab(page, 'runs.start', {
    datasetId: dataset.id,
    config,
    name,
    preset: null,
    tags: [],
  })
  expect((await endOf(page, id)).status).toBe('finished')
  return id
}

const exportTo = async (path: string): Promise<void> => {
  await answerDialogs(lab, path)
  await lab.page.getByRole('dialog').getByRole('button', { name: 'Export…' }).click()
  await expect(lab.page.getByText(`Saved ${path}`, { exact: true })).toBeVisible()
  expect(existsSync(path)).toBe(true)
}

test('weights, a folder of several, and a bundle go out; the bundle opens in an empty library', async () => {
  const { page } = lab
  const ids = [await train('sparse bars', 12), await train('denser', 5)]
  await openRun(page, 'sparse bars')

  await expect(filters(page)).toBeVisible()
  // It comes later than the filters, and makes them smaller.
  const remark = page.getByRole('status', { name: 'About this run' })
  await expect(remark).toBeVisible()
  const drawn = await readPixels(filters(page))
  expect(new Set(drawn.rgba).size).toBeGreaterThan(50)

  await page.keyboard.press('e')
  const dialog = page.getByRole('dialog', { name: 'Export “sparse bars”' })
  await expect(dialog.getByText('16 × 64 float32')).toBeVisible()
  await expect(dialog.getByRole('combobox', { name: 'Weights' }).locator(':checked')).toHaveText(
    'Final weights, iteration 12',
  )
  await page.emulateMedia({ colorScheme: 'light' })
  await screenshot(page, 'export-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'export-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await dialog.getByRole('button', { name: 'Copy' }).click()
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible()
  const copied = await answered(() => lab.app.evaluate(({ clipboard }) => clipboard.readText()))
  expect(copied).toContain('def reconstruct(patches, weights, config):')
  expect(copied).toContain('\n        weights = {name: archive[name]')

  const weights = join(folder, 'weights.npz')
  await exportTo(weights)
  await expect(dialog).toBeHidden()
  const trained = await callLab(page, 'runs.snapshot', ids[0], 12)
  expect([...(await parseNpz(readFileSync(weights), weights)).weights.W1]).toEqual(trained?.weights.W1)

  await chooseCommand(lab, 'Export…')
  await dialog.getByRole('radio', { name: 'Bundle (.rholab)' }).click()
  await dialog.getByRole('checkbox', { name: /With the patches/ }).check()
  await screenshot(page, 'export-bundle-light')
  const bundle = join(folder, 'bars.rholab')
  await exportTo(bundle)

  await page.getByRole('button', { name: /^Runs/ }).first().click()
  const table = page.getByRole('grid', { name: 'Runs' })
  for (const name of ['sparse bars', 'denser']) {
    await table.getByRole('row').filter({ hasText: name }).getByRole('gridcell').first().click()
  }
  await page.getByRole('button', { name: /Export…/ }).click()
  await page.getByRole('radio', { name: 'MATLAB (.mat)' }).click()
  await expect(page.getByRole('heading', { name: 'In each file' })).toBeVisible()
  await exportTo(folder)
  for (const [at, name] of ['sparse bars', 'denser'].entries()) {
    expect(existsSync(join(folder, `${ids[at]} ${name}.mat`))).toBe(true)
  }
  expect(lab.errors).toEqual([])

  await emptyLibrary(page)
  await renew(lab)
  await screenshot(page, 'empty-bundle-light')
  const broken = join(folder, 'broken.rholab')
  writeFileSync(broken, readFileSync(bundle).subarray(0, 4_000))
  await answerDialogs(lab, broken)
  await page.getByRole('button', { name: /Open bundle…/ }).click()
  await expect(page.getByRole('alert').first()).toContainText('broken.rholab')
  expect(await listRuns(page)).toEqual([])

  await answerDialogs(lab, bundle)
  await chooseCommand(lab, 'Open bundle…')
  await expect(page.getByRole('heading', { name: 'sparse bars' })).toBeVisible()
  await expect(page.getByText('Opened 1 run of “bars”')).toBeVisible()
  await expect(filters(page)).toBeVisible()
  await expect(remark).toBeVisible()
  const again = await readPixels(filters(page))
  expect([again.width, again.height]).toEqual([drawn.width, drawn.height])
  expect(Buffer.from(again.rgba).equals(Buffer.from(drawn.rgba))).toBe(true)
  const [opened] = await listRuns(page)
  const there = await callLab(page, 'runs.snapshot', opened.id, 12)
  expect(there?.weights.W1).toEqual(trained?.weights.W1)
  await screenshot(page, 'bundle-opened-light')
  expect(lab.errors).toEqual([])
})

test('every kind that the dialog lists is written, and every array format is taken in', async () => {
  const { page } = lab
  await train('short', 3)
  await openRun(page, 'short')
  for (const kind of exportKinds) {
    await page.keyboard.press('e')
    const dialog = page.getByRole('dialog', { name: 'Export “short”' })
    await dialog.getByRole('radio', { name: exportKindNames[kind], exact: true }).click()
    await exportTo(isFolderExport({ kind, runIds: [1] }) ? folder : join(folder, `short.${kind}`))
    await expect(dialog).toBeHidden()
    for (const toast of await page.getByRole('button', { name: 'Dismiss' }).all()) await toast.click()
    await expect(page.getByRole('button', { name: 'Dismiss' })).toHaveCount(0)
  }

  const arrays = join(repository, 'test', 'fixtures', 'arrays')
  for (const name of ['digits-idx3-ubyte', 'digits-idx3-ubyte.gz', 'patches.csv', 'one.npz', 'IMAGES.mat']) {
    await page.getByRole('button', { name: 'Datasets' }).first().click()
    await answerDialogs(lab, join(arrays, name))
    await page.getByRole('button', { name: 'Import array…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Import an array' })
    await dialog.getByLabel('Name').fill(`from ${name}`)
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await expect(page.getByRole('heading', { name: `from ${name}` })).toBeVisible()
  }
  expect(lab.errors).toEqual([])
})

test('an export is cancelled from its dialog, which stays open; nothing of it is left', async () => {
  const { page } = lab
  const sampling = { ...defaultSampling, patches: 200_000 }
  await callLab(page, 'datasets.generate', 'noise', 'large', sampling)
  await train('on a large dataset', 1)
  await openRun(page, 'on a large dataset')
  const dialog = page.getByRole('dialog')
  await chooseCommand(lab, 'Export…')
  await dialog.getByRole('radio', { name: 'Bundle (.rholab)' }).click()
  await dialog.getByRole('checkbox', { name: /With the patches/ }).check()
  await answerDialogs(lab, join(folder, 'large.rholab'))
  await dialog.getByRole('button', { name: 'Export…' }).click()
  await expect.poll(() => readdirSync(folder).length).toBe(1)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog.getByRole('button', { name: 'Export…' })).toBeEnabled()
  await expect.poll(() => readdirSync(folder)).toEqual([])
})
