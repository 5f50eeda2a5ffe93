import { expect, test } from '@playwright/test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { exportedOf, writers } from '../export/exported.ts'
import { callLab, endOf, listRuns } from './calls.ts'
import { answerDialogs, chooseCommand } from './dialogs.ts'
import { launchLab, screenshot, type LaunchedLab } from './launch.ts'

let folder: string
let lab: LaunchedLab
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-weights-'))
  lab = await launchLab()
})
test.afterEach(async () => {
  expect(lab.errors).toEqual([])
  await lab.close()
  rmSync(folder, { recursive: true, force: true })
})

function writeWeights(name: string, h: number, n: number): string {
  const file = join(folder, name)
  writeFileSync(file, writers[name.split('.')[1]](exportedOf(h, n)))
  return file
}

test('weights become a run to look at, and a new run starts from them, from a file or from that run', async () => {
  const { page } = lab
  await callLab(page, 'datasets.generate', 'bars', 'bars', { ...defaultSampling, patches: 500 })

  await answerDialogs(lab, writeWeights('old.npz', 9, 64))
  await chooseCommand(lab, 'Import weights…')
  const dialog = page.getByRole('dialog', { name: 'Import weights as a run' })
  await expect(dialog.getByText('64 × 9 units')).toBeVisible()
  await screenshot(page, 'weights-import-light')
  await dialog.getByRole('button', { name: 'Import' }).click()
  await expect(page.getByRole('heading', { name: 'old' })).toBeVisible()
  await expect(page.getByRole('grid', { name: /^Filters of old/ })).toBeVisible()
  await expect(page.getByText('old.npz', { exact: true })).toBeVisible()
  await screenshot(page, 'weights-run-light')

  await page.keyboard.press('n')
  await answerDialogs(lab, writeWeights('small.safetensors', 4, 9))
  await page.getByRole('radio', { name: 'A file' }).click()
  const start = page.getByRole('button', { name: 'Start run' }).last()
  await expect(page.getByRole('alert')).toContainText(
    'weights for patches of 9 values; those of "bars" have 64',
  )
  await expect(start).toBeDisabled()
  await screenshot(page, 'new-run-misfit-light')

  await page.getByRole('radio', { name: 'A run' }).click()
  await page.getByLabel('Run to start from').click()
  await page.getByText('old · 9 units').click()
  await expect(page.getByLabel(/^Hidden units/)).toHaveValue('9')
  await page.getByLabel(/^Iterations/).fill('3')
  await page.getByText('64 × 9 × 64 units; recorded with the run.').scrollIntoViewIfNeeded()
  await screenshot(page, 'new-run-from-run-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'new-run-from-run-dark')
  await start.click()
  await expect(page.getByRole('heading', { name: 'bars h9' })).toBeVisible()
  const [{ id }] = await listRuns(page)
  const run = await endOf(page, id)
  expect(run.initialWeights).toMatchObject({ kind: 'run', name: 'old', iteration: 0 })
  expect((await callLab(page, 'runs.snapshot', id, 0))?.weights.b1).toEqual(
    Array.from(exportedOf(9, 64).weights.b1),
  )
})
