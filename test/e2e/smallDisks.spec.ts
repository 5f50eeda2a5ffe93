import { expect, test } from '@playwright/test'
import { join } from 'node:path'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { findFaults } from '../../scripts/torture/findFaults.ts'
import { labJson } from '../cli/runLab.ts'
import { makeSmallDisk, noSmallDisk, type SmallDisk } from '../torture/smallDisk.ts'
import { callLab, listRuns, onnxConfig, openRun } from './calls.ts'
import { launchLab, screenshot, type LaunchedLab } from './launch.ts'

const obstacle = noSmallDisk()
test.skip(obstacle !== null, obstacle ?? '')

let disk: SmallDisk
let lab: LaunchedLab | undefined
test.beforeEach(() => {
  disk = makeSmallDisk(12)
})
test.afterEach(async () => {
  await lab?.close()
  lab = undefined
  disk.remove()
})
const library = () => join(disk.folder, 'library')

test('a library on a read-only disk: the window says so, and shows what is in it', async () => {
  const on = (...args: string[]) => labJson(...args, '--library', library())
  await on('generate', 'bars', '--patches', '500')
  await on('train', '--dataset', 'bars', '--hidden', '16', '--iterations', '30', '--name', 'kept')
  disk.setReadOnly()
  lab = await launchLab({ library: library() })
  const { page } = lab
  const said = page.getByRole('alert').filter({ hasText: 'open for reading only' })
  await said.waitFor()
  // It stays in sight when the message is gone.
  await expect(page.getByText('Open for reading only', { exact: true })).toBeVisible()
  await openRun(page, 'kept')
  await expect(page.getByText('Finished, 30 iterations')).toBeVisible()
  await screenshot(page, 'read-only-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'read-only-dark')
  // What other processes of the app work out is there too.
  expect((await callLab(page, 'units.history', 1, 0)).rhoHat).toHaveLength(31)

  await said.getByRole('button', { name: 'Dismiss' }).click()
  await expect(said).toBeHidden()
  await page.getByRole('button', { name: 'New run from this' }).click()
  await page
    .getByRole('button', { name: /^Start/ })
    .first()
    .click()
  await said.waitFor()
  for (const call of [
    callLab(page, 'runs.rename', 1, 'other'),
    callLab(page, 'datasets.generate', 'noise', 'noise', { ...defaultSampling, patches: 100 }),
  ]) {
    await expect(call).rejects.toThrow(/cannot be written.*\./)
  }
  expect(await listRuns(page)).toMatchObject([{ name: 'kept' }])
  expect(lab.errors).toEqual([])
})

test('a disk that fills up in mid-training: the window says so, and the run goes on when there is space', async () => {
  lab = await launchLab({ library: library() })
  const { page } = lab
  const sampling = { ...defaultSampling, patches: 500 }
  const { id: datasetId } = await callLab(page, 'datasets.generate', 'bars', 'bars', sampling)
  const config = { ...onnxConfig, optimiser: 'adam' as const, iterations: 1_000_000 }
  const run = { datasetId, config, name: 'edges', preset: null, tags: [] }
  const { id } = await callLab(page, 'runs.start', run)
  const get = () => callLab(page, 'runs.get', id)
  await openRun(page, 'edges')
  await expect.poll(async () => (await get()).iterations).toBeGreaterThan(3)
  const makeSpace = disk.fill()
  await page
    .getByRole('alert')
    .filter({ hasText: /The disk that holds .* is full\. Make space/ })
    .first()
    .waitFor()
  await screenshot(page, 'full-disk-light')
  const { iterations } = await get()
  makeSpace()
  await expect.poll(async () => (await get()).status).toBe('failed')
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  await expect.poll(async () => (await get()).iterations).toBeGreaterThan(iterations)
  await callLab(page, 'runs.stop', id)
  await expect.poll(async () => (await get()).status).toBe('stopped')
  expect(lab.errors).toEqual([])
  await lab.close()
  lab = undefined
  expect(findFaults(library())).toEqual([])
})
