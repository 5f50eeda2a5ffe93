import { expect, test } from '@playwright/test'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { callLab, emptyLibrary, onnxConfig, openRun } from './calls.ts'
import { launchLab, renew, screenshot, type LaunchedLab } from './launch.ts'
import { readPixels } from './pixels.ts'

let lab: LaunchedLab
test.beforeAll(async () => {
  lab = await launchLab({ size: { width: 1440, height: 900 }, colorScheme: 'dark' })
})
test.afterAll(() => lab.close())
test.beforeEach(() => renew(lab, 'dark'))
test.afterEach(async () => {
  // While it is still watched.
  await emptyLibrary(lab.page)
  expect(lab.errors).toEqual([])
})

/** A run that ends only when it is stopped. */
async function startLongRun(name: string): Promise<number> {
  const sampling = { ...defaultSampling, patches: 2_000 }
  const dataset = await callLab(lab.page, 'datasets.generate', 'bars', `Bars of ${name}`, sampling)
  const endless = { ...onnxConfig, optimiser: 'adam' as const, iterations: 100_000, rho: 0.1, hidden: 100 }
  const run = { datasetId: dataset.id, config: endless, name, preset: null, tags: ['live'] }
  return (await callLab(lab.page, 'runs.start', run)).id
}

test('a run is watched while it trains: curves, filters and figures move, the layout does not', async () => {
  const { page } = lab
  await startLongRun('Long')
  await openRun(page, 'Long')
  const slider = page.getByRole('slider', { name: 'Snapshot' })
  await expect(slider).toHaveAttribute('aria-valuetext', /, live$/)
  await expect(page.getByRole('progressbar', { name: 'Iterations done' })).toBeVisible()

  const cost = page.getByRole('region', { name: 'Cost over the iterations' }).locator('canvas')
  const grid = page.getByRole('grid', { name: /^Filters of/ })
  const see = async () => ({
    cost: Buffer.from((await readPixels(cost)).rgba).toString('base64'),
    filters: Buffer.from((await readPixels(grid.locator('canvas'))).rgba).toString('base64'),
    shown: await slider.getAttribute('aria-valuenow'),
  })
  const before = await see()
  await expect(async () => {
    const after = await see()
    expect(after.cost === before.cost, 'the curves moved').toBe(false)
    expect(after.filters === before.filters, 'the filters moved').toBe(false)
    expect(Number(after.shown)).toBeGreaterThan(Number(before.shown))
  }).toPass()

  const boxes = () =>
    page.evaluate(() =>
      [
        ...document.querySelectorAll(
          'main button, main section, main canvas, main header > :not(p), main .legend > *',
        ),
      ].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect()
        return `${element.tagName} ${element.className} ${[x, y, width, height].map(Math.round).join(' ')}`
      }),
    )
  // Past the moment at which the first snapshots have made playback possible.
  await expect(page.getByRole('button', { name: 'Play the snapshots' })).toBeEnabled()
  const laidOut = await boxes()
  for (let i = 0; i < 10; i++) {
    await page.waitForTimeout(100)
    expect(await boxes()).toEqual(laidOut)
  }
  await screenshot(page, 'run-live-dark')
})

test('dragging the slider leaves the live filters; End returns to them', async () => {
  const { page } = lab
  await startLongRun('Long')
  await openRun(page, 'Long')
  const slider = page.getByRole('slider', { name: 'Snapshot' })
  await expect(slider).toHaveAttribute('aria-valuetext', /, live$/)
  const box = await slider.boundingBox()
  if (box === null) throw new Error('no slider')
  await slider.click({ position: { x: 8, y: box.height / 3 } })
  await expect(slider).toHaveAttribute('aria-valuetext', /^Iteration 0 of \d+$/)
  const grid = page.getByRole('grid', { name: 'Filters of Long at iteration 0' })
  await expect(grid).toBeVisible()
  await slider.press('End')
  await expect(slider).toHaveAttribute('aria-valuetext', /, live$/)
  await expect(grid).toBeHidden()
})

test('a run is stopped and resumed from its page, and goes on where it was', async () => {
  const { page } = lab
  const runId = await startLongRun('Long')
  await openRun(page, 'Long')
  await expect(page.getByRole('slider', { name: 'Snapshot' })).toHaveAttribute('aria-valuetext', /, live$/)
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible()
  const stopped = await callLab(page, 'runs.get', runId)
  expect(stopped.status).toBe('stopped')
  await expect(page.getByText(/^Stopped at /).first()).toBeVisible()
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible()
  await expect(async () => {
    const { iterations } = await callLab(page, 'runs.get', runId)
    expect(iterations).toBeGreaterThan(stopped.iterations)
  }).toPass()
  const series = await callLab(page, 'runs.series', runId, -1)
  expect(series.iteration).toEqual(series.iteration.map((_, i) => series.iteration[0] + i))
})

test('the name, the tags and the notes of a run are changed where they stand', async () => {
  const { page } = lab
  const runId = await startLongRun('Long')
  await openRun(page, 'Long')
  await page.keyboard.press('F2')
  const field = page.getByRole('textbox', { name: 'Name of the run' })
  await field.fill('Bars, 100 units')
  await field.press('Enter')
  await expect(page.getByRole('heading', { name: 'Bars, 100 units' })).toBeVisible()
  const tag = page.getByRole('textbox', { name: 'Add a tag' })
  await tag.fill('bars')
  await tag.press('Enter')
  await expect(page.getByRole('button', { name: 'Remove tag bars' })).toBeVisible()
  await page.getByRole('button', { name: 'Remove tag live' }).click()
  await expect(page.getByRole('button', { name: 'Remove tag live' })).toHaveCount(0)
  await page.getByRole('textbox', { name: 'Notes' }).fill('Every bar has its unit.')
  await page.getByRole('textbox', { name: 'Notes' }).blur()
  await expect(async () => {
    const run = await callLab(page, 'runs.get', runId)
    expect([run.name, run.tags, run.notes]).toEqual(['Bars, 100 units', ['bars'], 'Every bar has its unit.'])
  }).toPass()
})
