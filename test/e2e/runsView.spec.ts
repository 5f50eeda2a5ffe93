import { expect, test, type Locator, type Page } from '@playwright/test'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { callLab, endOf, listRuns, smallConfig } from './calls.ts'
import { launchLab, screenshot, type LaunchOptions } from './launch.ts'

let scratch: string
let options: LaunchOptions

test.beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'rho-lab-view-'))
  options = { library: join(scratch, 'library'), profile: join(scratch, 'profile') }
  for (const folder of [options.library, options.profile]) mkdirSync(folder as string)
})
test.afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Runs' })
const lines = async (page: Page): Promise<string[]> => {
  const shown = await grid(page)
    .locator('[role=row][aria-rowindex]')
    .evaluateAll((elements) =>
      elements
        .toSorted((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
        .slice(1)
        .map((element) => element.textContent ?? ''),
    )
  return shown.map((text) => /[\d.]+(?=\d runs)/.exec(text)?.[0] ?? /run \d/.exec(text)?.[0] ?? text)
}

async function trainSix(page: Page): Promise<void> {
  const sampling = { ...defaultSampling, patches: 1_000 }
  const dataset = await callLab(page, 'datasets.generate', 'bars', 'bars', sampling)
  for (let k = 1; k <= 6; k++) {
    const config = {
      ...smallConfig,
      hidden: 16,
      rho: k % 2 === 1 ? 0.05 : 0.1,
      seed: k,
      iterations: 10 * k,
    }
    const run = { datasetId: dataset.id, config, name: `run ${k}`, preset: null, tags: [] }
    await endOf(page, (await callLab(page, 'runs.start', run)).id)
  }
}

test('order, groups, columns, selection and notes are there again after a restart, and a view brings them back', async () => {
  let lab = await launchLab(options)
  try {
    const { page } = lab
    await trainSix(page)
    await page.getByRole('button', { name: 'Sort by hidden' }).click()
    await page.getByRole('button', { name: 'Sort by name' }).click({ modifiers: ['Shift'] })
    await page.getByRole('button', { name: /^Sort by name/ }).click({ modifiers: ['Shift'] })
    await expect.poll(() => lines(page)).toEqual(['run 6', 'run 5', 'run 4', 'run 3', 'run 2', 'run 1'])
    await page.getByRole('button', { name: 'Group', exact: true }).click()
    await page.getByText('Sparsity target ρ', { exact: true }).click()
    await expect
      .poll(() => lines(page))
      .toEqual(['0.05', 'run 5', 'run 3', 'run 1', '0.1', 'run 6', 'run 4', 'run 2'])
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('checkbox', { name: 'Engine' }).click()
    await page.getByRole('checkbox', { name: 'Seed', exact: true }).click()
    await page.getByRole('checkbox', { name: 'Seed', exact: true }).focus()
    await page.keyboard.press('Alt+ArrowUp')
    await screenshot(page, 'runs-columns-light')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByPlaceholder('Name of the view, then Enter').fill('By target')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'View: By target' })).toBeVisible()

    await expect(page.getByRole('dialog', { name: 'Views' })).toBeHidden()

    // The head of a group folds by the keys, too.
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => lines(page)).toEqual(['0.05', '0.1', 'run 6', 'run 4', 'run 2'])
    await grid(page).getByRole('row').filter({ hasText: 'run 4' }).getByRole('gridcell').first().click()
    await screenshot(page, 'runs-grouped-light')

    const [newest] = await listRuns(page)
    await callLab(
      page,
      'runs.setNotes',
      newest.id,
      '## Looks **good**\n\n- see [paper](https://example.org)\n- `rho` 0.1',
    )
    expect(lab.errors).toEqual([])
  } finally {
    await lab.close()
  }

  lab = await launchLab({ ...options, colorScheme: 'dark' })
  try {
    const { page } = lab
    await expect.poll(() => lines(page)).toEqual(['0.05', '0.1', 'run 6', 'run 4', 'run 2'])
    await expect(page.getByText('1 selected')).toBeVisible()
    await expect(page.getByRole('columnheader').filter({ hasText: 'Seed' })).toBeVisible()
    await screenshot(page, 'runs-grouped-dark')

    await page.getByRole('button', { name: 'View: By target' }).click()
    await page.getByRole('button', { name: 'Show the default' }).click()
    await expect.poll(() => lines(page)).toEqual(['run 6', 'run 5', 'run 4', 'run 3', 'run 2', 'run 1'])
    await page.getByRole('region', { name: 'Views' }).getByRole('button', { name: 'By target' }).click()
    await expect.poll(() => lines(page)).toEqual(['0.05', '0.1', 'run 6', 'run 4', 'run 2'])

    await grid(page).getByText('run 6', { exact: true }).click()
    const notes = page.getByRole('button', { name: 'Edit the notes' })
    await expect(notes.getByRole('listitem')).toHaveCount(2)
    await expect(notes.getByText('(https://example.org)')).toBeVisible()
    await notes.scrollIntoViewIfNeeded()
    await screenshot(page, 'run-notes-dark')
    expect(lab.errors).toEqual([])
  } finally {
    await lab.close()
  }

  // The run's page was open last; its run goes, and the window shows the runs instead.
  lab = await launchLab(options)
  try {
    await expect(lab.page.getByRole('heading', { name: 'run 6' })).toBeVisible()
  } finally {
    await lab.close()
  }
})
