import { expect, test, type Locator } from '@playwright/test'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { callLab, endOf, listRuns, smallConfig } from './calls.ts'
import { answerDialogs } from './dialogs.ts'
import { launchLab, renew, screenshot, type LaunchedLab } from './launch.ts'

const trained = [
  { name: 'first', change: {}, tags: ['thesis'] },
  { name: 'second', change: { seed: 2 }, tags: ['thesis', 'fig 3'] },
  { name: 'third', change: { hidden: 16, rho: 0.2 }, tags: [] },
]
let scratch: string
let lab: LaunchedLab

test.beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'rho-lab-table-'))
  lab = await launchLab({ size: { width: 1440, height: 900 } })
  const { page } = lab
  const sampling = { ...defaultSampling, patches: 1_000 }
  const dataset = await callLab(page, 'datasets.generate', 'bars', 'bars', sampling)
  for (const { name, change, tags } of trained) {
    const config = { ...smallConfig, rho: 0.1, iterations: 20, ...change }
    const { id } = await callLab(page, 'runs.start', {
      datasetId: dataset.id,
      config,
      name,
      preset: null,
      tags: [...tags],
    })
    await endOf(page, id)
  }
})
test.afterAll(async () => {
  await lab.close()
  rmSync(scratch, { recursive: true, force: true })
})

/** Each test finds the runs as they were made. */
test.beforeEach(async () => {
  const { page } = lab
  const runs = (await listRuns(page)).toReversed()
  for (const [i, { name, tags }] of trained.entries()) {
    await callLab(page, 'runs.rename', runs[i].id, name)
    await callLab(page, 'runs.setTags', runs[i].id, [...tags])
  }
  await callLab(
    page,
    'runs.unarchive',
    runs.map(({ id }) => id),
  )
  await renew(lab)
  await expect(rows()).toHaveCount(3)
})
test.afterEach(() => expect(lab.errors).toEqual([]))

const rows = (): Locator => lab.page.locator('[role=row][aria-rowindex]').filter({ hasText: 'iterations' })
const row = (name: string): Locator => rows().filter({ hasText: name })
const badge = (name: string): Locator => row(name).getByRole('gridcell').first()

/** Names in the order shown. */
const order = async (): Promise<string[]> => {
  const shown = await rows().evaluateAll((elements) =>
    elements
      .toSorted((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
      .map((element) => element.textContent ?? ''),
  )
  return shown.map((text) => /first|second|third/.exec(text)?.[0] ?? text)
}

test('typing a query narrows the table, Escape gives all runs back', async () => {
  const { page } = lab
  await page.keyboard.press('/')
  await page.keyboard.type('tag:thesis hidden=25 -second')
  await expect(page.getByText('Matches 1 run', { exact: true })).toBeVisible()
  expect(await order()).toEqual(['first'])
  await page.keyboard.press('Escape')
  await expect(rows()).toHaveCount(3)

  await page.keyboard.type('nonsense:1')
  await expect(page.getByText('Runs have no field “nonsense”')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.type('no such run')
  await page.getByRole('button', { name: 'Clear the query', exact: true }).click()
  await expect(rows()).toHaveCount(3)
})

test('heads sort, and once more the other way round', async () => {
  const { page } = lab
  expect(await order()).toEqual(['third', 'second', 'first'])
  await page.getByRole('button', { name: 'Sort by name' }).click()
  expect(await order()).toEqual(['first', 'second', 'third'])
  await page.getByRole('button', { name: 'Sort by name' }).click()
  expect(await order()).toEqual(['third', 'second', 'first'])
  await expect(page.locator('[aria-sort=descending]')).toHaveCount(1)
})

test('arrows, Space and Shift select; letters stay; C compares', async () => {
  const { page } = lab
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await expect(badge('third')).toHaveText('A')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(badge('second')).toHaveText('B')
  await expect(badge('first')).toHaveText('C')
  await badge('second').click()
  await expect(badge('first')).toHaveText('C')
  await screenshot(page, 'runs-selected-light')
  await page.keyboard.press('c')
  await expect(page.getByRole('heading', { name: 'Compare 2 runs' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByText('2 selected')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByText('2 selected')).toBeHidden()
})

test('tags can be given to all selected runs at once', async () => {
  const { page } = lab
  await badge('first').click()
  await badge('third').click()
  await page.keyboard.press('t')
  await page.getByPlaceholder('New tag, then Enter').fill('chapter 4')
  await page.keyboard.press('Enter')
  await expect(row('third')).toContainText('chapter 4')
  await expect(row('first')).toContainText('chapter 4')
  const runs = await listRuns(page)
  expect(runs.find((run) => run.name === 'first')?.tags.toSorted()).toEqual(['chapter 4', 'thesis'])
})

test('export writes the file that was asked for and says where', async () => {
  const { page } = lab
  const path = join(scratch, 'weights.npz')
  await answerDialogs(lab, path)
  await badge('first').click()
  await page.keyboard.press('e')
  await page.getByRole('radio', { name: 'NumPy (.npz)' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Export…' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'weights.npz' })).toBeVisible()
  expect(statSync(path).size).toBeGreaterThan(1_000)
})

test('deleting hides at once, and Ctrl-Z or the message brings the runs back', async () => {
  const { page } = lab
  await badge('first').click()
  await badge('second').click()
  await page.keyboard.press('Delete')
  await expect(rows()).toHaveCount(1)
  await expect(page.getByRole('status').filter({ hasText: 'Deleted 2 runs' })).toBeVisible()
  await screenshot(page, 'runs-deleted-light')
  await page.keyboard.press('Control+z')
  await expect(rows()).toHaveCount(3)
  await expect(page.getByText('Deleted 2 runs')).toBeHidden()

  await badge('third').click()
  await page.keyboard.press('Delete')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(rows()).toHaveCount(3)
  expect((await listRuns(page)).map((run) => run.name)).toEqual(['third', 'second', 'first'])
})

test('F2 renames in place; an archived run is put away until it is asked for', async () => {
  const { page } = lab
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('F2')
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('third, again')
  await page.keyboard.press('Enter')
  await expect(row('third, again')).toBeVisible()
  await page.keyboard.press('a')
  await expect(rows()).toHaveCount(2)
  await page.keyboard.press('/')
  await page.keyboard.type('is:archived')
  await expect(row('third, again')).toContainText('Archived')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show 1 archived' }).click()
  await expect(rows()).toHaveCount(3)
})

test('the table is saved as CSV as it is shown', async () => {
  const { page } = lab
  const path = join(scratch, 'runs.csv')
  await answerDialogs(lab, path)
  await page.getByRole('button', { name: 'Sort by name' }).click()
  await page.getByRole('button', { name: 'CSV…' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'runs.csv' })).toBeVisible()
  const lines = readFileSync(path, 'utf8').split('\r\n')
  expect(lines[0]).toMatch(/^id,name,dataset,hidden,rho,/)
  expect(lines.slice(1, 4).map((line) => line.split(',')[1])).toEqual(['first', 'second', 'third'])
})
