import { expect, test } from '@playwright/test'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { callLab, endOf, listRuns, smallConfig } from './calls.ts'
import { launchLab, screenshot, type LaunchedLab } from './launch.ts'

let lab: LaunchedLab
test.afterEach(() => lab.close())

test('runs beside many others: brushed by pointer and keys, as dots, and how alike every two are', async () => {
  test.setTimeout(120_000)
  lab = await launchLab({ size: { width: 1720, height: 1080 }, colorScheme: 'dark' })
  const { page } = lab
  const { id: datasetId } = await callLab(page, 'datasets.generate', 'natural', 'small', {
    ...defaultSampling,
    patches: 500,
  })
  const hidden = [9, 16, 25, 36, 49, 64, 81, 100, 12, 20]
  const ids: number[] = []
  for (const [k, units] of hidden.entries()) {
    const config = { ...smallConfig, hidden: units, rho: k % 2 === 0 ? 0.01 : 0.05, iterations: 8, seed: k }
    const run = { datasetId, config, name: `h ${units}`, preset: null, tags: [] }
    ids.push((await callLab(page, 'runs.start', run)).id)
  }
  for (const id of ids) await endOf(page, id)

  const table = page.getByRole('grid', { name: 'Runs' })
  for (const units of hidden.slice(0, 8)) {
    const row = table.getByRole('row').filter({ has: page.getByText(`h ${units}`, { exact: true }) })
    await row.getByRole('gridcell').first().click()
  }
  await page.keyboard.press('c')
  await expect(page.getByRole('heading', { name: 'Compare 8 runs' })).toBeVisible()
  await expect(page.getByText('matching…')).toHaveCount(0)

  const panel = page.getByRole('region', { name: 'Settings and results of runs' })
  await expect(panel.getByRole('status')).toContainText('10 runs')
  const axis = panel.getByRole('slider', { name: 'Hidden units' })
  // All but the largest: by the keys the upper end goes one value down.
  await axis.focus()
  await page.keyboard.press('ArrowDown')
  await expect(axis).toHaveAttribute('aria-valuetext', '9 to 81')
  await expect(panel.getByRole('status')).toContainText('9 of 10 runs')
  await page.keyboard.press('Escape')
  await expect(panel.getByRole('status')).toContainText('10 runs, drag')

  const { x, y, width, height } = (await axis.boundingBox())!
  await page.mouse.move(x + width / 2, y + height - 2)
  await page.mouse.down()
  await page.mouse.move(x + width / 2, y + height * 0.75, { steps: 3 })
  await page.mouse.up()
  await expect(panel.getByRole('status')).toContainText('3 of 10 runs')
  await screenshot(page, 'compare-parallel-dark')
  await panel.getByRole('button', { name: 'Select these 3 runs' }).click()
  await expect(page.getByRole('heading', { name: 'Compare 3 runs' })).toBeVisible()

  await page.getByRole('radio', { name: 'Scatter' }).click()
  await expect(page.getByRole('img', { name: 'Cost by Hidden units' })).toBeVisible()
  await screenshot(page, 'compare-scatter-dark')
  await page.getByRole('radio', { name: 'Similarity' }).click()
  const { pairs } = await callLab(page, 'filters.match', [ids[0], ids[8]])
  const matrix = page.getByRole('region', { name: 'Similarity of every two runs' })
  await expect(matrix).toContainText(pairs[0].similarity!.toFixed(2))
  await screenshot(page, 'compare-similarity-dark')
  expect(lab.errors).toEqual([])
})

test('noise beside structure in one command: half of the one is kept, nearly all of the other', async () => {
  test.setTimeout(240_000)
  lab = await launchLab()
  const { page } = lab
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Compare 2 runs' })).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('note')).toContainText('Noise vs structure')
  for (const { id } of await listRuns(page)) {
    expect((await endOf(page, id)).status).toBe('finished')
  }
  const row = page.getByRole('row').filter({ hasText: 'Variance explained' })
  const shares = async () =>
    (await row.getByRole('cell').allTextContents()).map((text) => Number.parseFloat(text))
  await expect(async () => {
    const [noise, structure] = await shares()
    expect(noise).toBeGreaterThan(30)
    expect(noise).toBeLessThan(65)
    expect(structure).toBeGreaterThan(85)
  }).toPass({ timeout: 20_000 })
  await expect(page.getByText(/patches at iteration 400/)).toHaveCount(2)
  await screenshot(page, 'compare-noise-light')
  // A second time there is nothing left to do.
  const again = await callLab(page, 'demo.noise')
  expect(again.map(({ status }) => status)).toEqual(['finished', 'finished'])
  expect(await listRuns(page)).toHaveLength(2)
  expect(lab.errors).toEqual([])
})
