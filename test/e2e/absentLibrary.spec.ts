import { expect, test } from '@playwright/test'
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLibrary } from '#db/library.ts'
import { listDatasets, removeDataset } from '#db/queries/datasets.ts'
import { removeRuns, renameRun } from '#db/queries/runs.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { addRun, libraryWithBars, trainAll } from '../session/bars.ts'
import { startAnswered } from './answeredLab.ts'
import { callLab, openRun, smallConfig } from './calls.ts'
import { launchLab, screenshot } from './launch.ts'

let scratch: string
let folder: string
test.beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'rho-lab-test-'))
  folder = join(scratch, 'library')
  const { library, datasetId } = await libraryWithBars(folder)
  const id = addRun(library, datasetId)
  await trainAll(library, [id])
  renameRun(library, id, 'edges')
  library.close()
})
test.afterEach(() => rmSync(scratch, { recursive: true, force: true }))

test('a library that is moved away while it is open: one standing sentence, starts refused, no other is made, and on it goes when it is back', async () => {
  const lab = await launchLab({ library: folder })
  const { page } = lab
  await openRun(page, 'edges')
  const banner = page.getByRole('alert').filter({ hasText: 'is not there any more' })
  await expect(banner).toBeHidden()
  const moved = join(scratch, 'moved')
  renameSync(folder, moved)
  await banner.waitFor()
  await expect(banner).toHaveCount(1)
  await screenshot(page, 'library-gone-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'library-gone-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  const generate = () =>
    callLab(page, 'datasets.generate', 'noise', 'noise', { ...defaultSampling, patches: 100 })
  const run = { datasetId: 1, config: smallConfig, name: 'late', preset: null, tags: [] }
  const refused = /is not there any more: it was moved or deleted.*nothing can be started or saved\./
  await expect(generate()).rejects.toThrow(refused)
  await expect(callLab(page, 'runs.start', run)).rejects.toThrow(refused)
  await expect(callLab(page, 'runs.rename', 1, 'late')).rejects.toThrow(refused)
  await expect(callLab(page, 'units.history', 1, 0)).rejects.toThrow(refused)
  expect(existsSync(folder)).toBe(false)

  const other = openLibrary(folder)
  await page
    .getByRole('alert')
    .filter({ hasText: `Another library stands in ${folder} now` })
    .waitFor()
  await expect(generate()).rejects.toThrow(/Another library stands in/)
  expect([listDatasets(other), other.blobs.list()]).toEqual([[], []])
  other.close()
  rmSync(folder, { recursive: true })

  renameSync(moved, folder)
  await expect(page.getByText('nothing can be started or saved')).toBeHidden()
  expect(await generate()).toMatchObject({ name: 'noise' })
  expect(lab.errors).toEqual([])
  await lab.close()
})

test('a library that is gone at the next start is not made anew unless that is asked for', async () => {
  renameSync(folder, join(scratch, 'moved'))
  const known = { current: null, recent: [], opened: [folder] }
  const quit = await startAnswered(folder, 'Quit', '', known)
  expect(quit.questions).toMatchObject([
    {
      message: 'The library is not there.',
      buttons: ['Open another library…', 'Make a new one there', 'Quit'],
    },
  ])
  expect(quit.questions[0].detail).toMatch(/^The library \S+ is not there any more: .* open another\.$/)
  expect(quit.isRelaunched).toBe(false)
  expect(existsSync(folder)).toBe(false)
  const made = await startAnswered(folder, 'Make a new one there', '', known)
  expect(made).toMatchObject({ isRelaunched: true, remembered: folder })
  expect(existsSync(join(folder, 'library.sqlite'))).toBe(true)
})

test('a run and a dataset that another process removes say so on their open pages', async () => {
  const lab = await launchLab({ library: folder })
  const { page } = lab
  const others = openLibrary(folder)
  await openRun(page, 'edges')
  removeRuns(others, [1])
  await expect(page.getByText('This run was removed')).toBeVisible()
  await screenshot(page, 'run-removed-light')
  await page.getByRole('button', { name: 'Back to the runs' }).click()
  await page
    .getByRole('button', { name: /^Datasets/ })
    .first()
    .click()
  await page.getByText('bars', { exact: true }).first().dblclick()
  await expect(page.getByRole('heading', { name: 'bars' })).toBeVisible()
  removeDataset(others, 1)
  await expect(page.getByText('This dataset was removed')).toBeVisible()
  others.close()
  expect(lab.errors).toEqual([])
  await lab.close()
})
