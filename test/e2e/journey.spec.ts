import { expect, test } from '@playwright/test'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseNpz } from '#main/export/parseNpz.ts'
import { callLab, endOf, listRuns } from './calls.ts'
import { launchLab, repository, screenshot, type LaunchedLab } from './launch.ts'

let folder: string
let lab: LaunchedLab

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-journey-'))
  lab = await launchLab({ size: { width: 1440, height: 900 } })
})
test.afterEach(async () => {
  await lab.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The file dialogs answer with these paths; a person would choose them there. */
const answer = (open: string, save: string): Promise<void> =>
  lab.app.evaluate(
    ({ dialog }, [open, save]) => {
      const opened = async () => ({ canceled: false, filePaths: [open] })
      const saved = async () => ({ canceled: false, filePath: save })
      dialog.showOpenDialog = opened as unknown as typeof dialog.showOpenDialog
      dialog.showSaveDialog = saved as unknown as typeof dialog.showSaveDialog
    },
    [open, save] as const,
  )

/** Trains from the form with this name, ρ and seed, and waits for the end on the run's page. */
async function train(name: string, rho: string, seed: string): Promise<number> {
  const { page } = lab
  await page.keyboard.press('n')
  await page.getByLabel(/^Sparsity target/).fill(rho)
  await page.getByLabel(/^Seed/).fill(seed)
  await page.getByRole('textbox', { name: /^Name/ }).fill(name)
  await page.getByRole('button', { name: 'Start run' }).last().click()
  await expect(page.getByRole('heading', { name })).toBeVisible()
  const run = (await listRuns(page)).find((run) => run.name === name)!
  const { status, cost } = await endOf(page, run.id)
  expect(status).toBe('finished')
  expect(cost).toBeGreaterThan(0.1)
  expect(cost).toBeLessThan(0.4)
  return run.id
}

test('a folder of photographs in, edges on the screen, weights out', async () => {
  test.setTimeout(300_000)
  const { page } = lab
  const photos = join(folder, 'nature')
  cpSync(join(repository, 'test', 'fixtures', 'photos'), photos, { recursive: true })
  writeFileSync(join(photos, 'broken.png'), 'not a picture')
  const weights = join(folder, 'weights.npz')
  await answer(photos, weights)

  await page.getByRole('button', { name: /Choose folder/ }).click()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'nature' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Files left out' })).toContainText('broken.png')
  await screenshot(page, 'journey-dataset')

  const ids = [await train('edges', '0.01', '1'), await train('less sparse', '0.05', '2')]
  await expect(page.getByText(/patches at iteration 400/)).toBeVisible()
  await screenshot(page, 'journey-run')
  const sparse = await callLab(page, 'runs.get', ids[0])
  expect(sparse.rhoHat!.min).toBeGreaterThan(0.008)
  expect(sparse.rhoHat!.max).toBeLessThan(0.013)

  await page.getByRole('button', { name: /^Runs/ }).first().click()
  const table = page.getByRole('grid', { name: 'Runs' })
  await expect(table.getByText('edges', { exact: true })).toBeVisible()
  for (const name of ['edges', 'less sparse']) {
    await table.getByRole('row').filter({ hasText: name }).getByRole('gridcell').first().click()
  }
  await screenshot(page, 'journey-runs')
  await page.keyboard.press('c')
  await expect(page.getByRole('heading', { name: 'Compare 2 runs' })).toBeVisible()
  await expect(page.getByText('Sparsity target')).toBeVisible()
  await expect(page.getByText('matching…')).toHaveCount(0)
  await screenshot(page, 'journey-compare')

  expect(
    await callLab(page, 'exports.write', {
      runIds: [ids[0]],
      kind: 'npz',
      iteration: null,
      patches: false,
      space: 'whitened',
    }),
  ).not.toBeNull()
  expect(existsSync(weights)).toBe(true)
  const { weights: exported } = await parseNpz(readFileSync(weights), weights)
  expect([exported.W1.length, exported.b1.length, exported.b2.length]).toEqual([25 * 64, 25, 64])
  expect(lab.errors).toEqual([])
})
