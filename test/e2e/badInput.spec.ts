import { expect, test, type Locator } from '@playwright/test'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { badSources } from '../dataset/badSources.ts'
import { exportedOf, withoutABias, writers } from '../export/exported.ts'
import { callLab, emptyLibrary, listRuns } from './calls.ts'
import { answerDialogs, chooseCommand } from './dialogs.ts'
import { launchLab, renew, repository, screenshot, type LaunchedLab } from './launch.ts'

// Every bad input of data and weights, in the window: one sentence that names the thing and the mend, and the library
// as it was. The command line's are in test/dataset/badInput.test.ts and test/cli.

let folder: string
let lab: LaunchedLab
test.beforeAll(async () => {
  lab = await launchLab()
})
test.afterAll(() => lab.close())
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-bad-'))
  await emptyLibrary(lab.page)
  await renew(lab)
})
test.afterEach(() => {
  expect(lab.errors).toEqual([])
  rmSync(folder, { recursive: true, force: true })
})

const saying = (sentence: string): Locator => lab.page.getByRole('alert').filter({ hasText: sentence })

/** Chooses it as a person does and imports it, where a dialog opens for that. */
async function importFrom(button: 'Import folder…' | 'Import array…', path: string): Promise<void> {
  const { page } = lab
  await answerDialogs(lab, path)
  await page.getByRole('main').getByRole('button', { name: button }).click()
  const start = page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true })
  await expect(start.or(page.getByRole('alert'))).toBeVisible()
  if (await start.isVisible()) await start.click()
}

/** Until nothing of it is left to be taken for the next. */
async function putAway(): Promise<void> {
  const { page } = lab
  const dialog = page.getByRole('dialog')
  if (await dialog.isVisible()) await dialog.getByRole('button', { name: 'Close' }).click()
  await expect(dialog).toBeHidden()
  for (const toast of await page.getByRole('button', { name: 'Dismiss' }).all()) await toast.click()
  await expect(page.getByRole('alert')).toHaveCount(0)
}

test('every bad source is refused with one sentence and leaves the library as it was', async () => {
  test.setTimeout(180_000)
  const { page } = lab
  await page.getByRole('button', { name: 'Datasets' }).first().click()
  for (const [i, { what, files, source, sentence, inWindow }] of badSources.entries()) {
    await test.step(what, async () => {
      const own = join(folder, String(i))
      mkdirSync(own)
      for (const [name, bytes] of Object.entries(files)) writeFileSync(join(own, name), await bytes())
      await importFrom(source.endsWith('.npy') ? 'Import array…' : 'Import folder…', join(own, source))
      await expect(saying(inWindow ?? sentence)).toBeVisible()
      await screenshot(page, `bad-${what.replaceAll(/\W+/g, '-')}-light`)
      expect(await callLab(page, 'datasets.list')).toEqual([])
      await putAway()
    })
  }
  await expect(page.getByText('No datasets yet')).toBeVisible()
  expect((await callLab(page, 'library.usage')).blobBytes).toBe(0)
})

test('a picture under the name of another format is read; a broken one among many is named', async () => {
  const { page } = lab
  const photos = join(repository, 'test', 'fixtures', 'photos')
  for (const name of ['dune', 'storm']) cpSync(join(photos, `${name}.jpg`), join(folder, `${name}.png`))
  writeFileSync(join(folder, 'broken.png'), 'no picture')
  await page.getByRole('button', { name: 'Datasets' }).first().click()
  await importFrom('Import folder…', folder)
  await expect(page.getByText('2 of 3 files read, converted to greyscale')).toBeVisible()
  const skipped = page.getByRole('region', { name: 'Files left out' })
  await expect(skipped).toContainText('broken.png')
  await expect(skipped).toContainText('This is not an image.')
})

test('weights that are cut, of no shape that fits together, or without a dataset are refused', async () => {
  const { page } = lab
  await callLab(page, 'datasets.generate', 'bars', 'bars', { ...defaultSampling, patches: 200 })
  const bytes = writers['npz'](exportedOf(9, 64))
  const choose = async (name: string, content: Uint8Array | string) => {
    writeFileSync(join(folder, name), content)
    await answerDialogs(lab, join(folder, name))
    await chooseCommand(lab, 'Import weights…')
  }
  await choose('cut.npz', bytes.subarray(0, bytes.length - 400))
  await expect(saying('cut.npz')).toBeVisible()
  await putAway()
  await choose('short.json', withoutABias(9, 64))
  await expect(saying('b1 in short.json has shape 8.')).toBeVisible()
  await screenshot(page, 'bad-weights-shape-light')
  await putAway()
  await choose('small.npz', writers['npz'](exportedOf(4, 9)))
  const dialog = page.getByRole('dialog', { name: 'Import weights as a run' })
  await expect(dialog).toContainText('No dataset has patches of 9 values. Import or generate one first.')
  await expect(dialog.getByRole('button', { name: 'Import' })).toBeDisabled()
  await screenshot(page, 'bad-weights-no-dataset-light')
  expect(await listRuns(page)).toEqual([])
})
