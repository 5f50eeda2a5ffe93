import { expect, test, type Locator } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultSampling, type Normalisation } from '#shared/domain/dataset.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { pixelFilters } from '#shared/filters/pixelFilters.ts'
import { scaleFilter } from '#shared/filters/scaleFilter.ts'
import { unwhiten } from '#shared/filters/unwhiten.ts'
import { callLab, endOf, listRuns, onnxConfig, openRun, smallConfig } from './calls.ts'
import { answerDialogs } from './dialogs.ts'
import { launchLab, renew, screenshot, type LaunchedLab } from './launch.ts'
import { colourAt, readPixels } from './pixels.ts'

let lab: LaunchedLab
test.beforeAll(async () => {
  lab = await launchLab()
})
test.afterAll(() => lab.close())
test.beforeEach(() => renew(lab))
test.afterEach(() => expect(lab.errors).toEqual([]))

test('filters over whitened patches are drawn as weights or as what they look for in pixels', async () => {
  const { page } = lab
  const { id: datasetId } = await callLab(page, 'datasets.generate', 'natural', 'whitened', {
    ...defaultSampling,
    patches: 3_000,
    normalisation: { kind: 'zca', epsilon: 0.1 },
  })
  const linear = { ...onnxConfig, hidden: 36, decoder: 'linear', rho: 0.035, iterations: 60 } as const
  for (const seed of [1, 2]) {
    const run = { datasetId, name: `zca ${seed}`, preset: null, tags: [], config: { ...linear, seed } }
    expect((await endOf(page, (await callLab(page, 'runs.start', run)).id)).status).toBe('finished')
  }

  await openRun(page, 'zca 2')
  const grid = page.getByRole('grid', { name: /^Filters of zca 2/ })
  const pixels = page.getByRole('radio', { name: 'Pixels' })
  await expect(grid).toBeVisible()
  await page.waitForTimeout(500)
  const weights = await grid.screenshot()
  await expect(page.getByRole('region', { name: 'Reconstructions' })).toContainText('whitened patches')
  // Nothing of the line above the grid sticks out, for all that stands in it.
  const sort = page.getByRole('button', { name: /^Sort/ })
  const right = async (locator: Locator) => {
    const box = (await locator.boundingBox())!
    return box.x + box.width
  }
  expect(await right(sort)).toBeLessThanOrEqual((await right(grid)) + 1)
  await screenshot(page, 'filters-whitened-light')
  await pixels.click()
  await expect.poll(async () => (await grid.screenshot()).equals(weights)).toBe(false)
  await expect(page.getByRole('region', { name: 'Reconstructions' })).toContainText('patches in pixels at')
  await screenshot(page, 'filters-pixels-light')

  await grid.click({ position: { x: 60, y: 60 } })
  const title = await page.getByRole('heading', { name: /^Unit \d+$/ }).textContent()
  const unit = Number(title?.split(' ')[1]) - 1
  const own = page.getByRole('region', { name: 'Weights' })
  await expect(own.getByText('in pixels', { exact: true })).toHaveCount(2)
  const run = (await listRuns(page)).find(({ name }) => name === 'zca 2')!
  const snapshot = await callLab(page, 'runs.snapshot', run.id, 60)
  const { matrix, mean } = (await callLab(page, 'datasets.whitening', datasetId))!
  expect(mean).toBeNull()
  const whitening = { matrix: Float32Array.from(matrix), mean: null }
  const { W1, W2 } = snapshot!.weights
  const column = Float32Array.from({ length: 64 }, (_, i) => W2[i * 36 + unit])
  await expectDrawn(
    own.getByRole('img', { name: /^Filter of unit/ }),
    pixelFilters(Float32Array.from(W1.slice(unit * 64, (unit + 1) * 64)), whitening),
  )
  await expectDrawn(own.getByRole('img', { name: /^Decoder column/ }), unwhiten(column, whitening))
  const fitted = page.getByRole('region', { name: 'Gabor fit' })
  const fit = async (space: 'whitened' | 'pixels') =>
    (await callLab(page, 'units.gabor', run.id, unit, 60, space))!.r2.toFixed(3)
  await expect(fitted).toContainText(`R² ${await fit('pixels')}`)
  await expect(fitted).toContainText('in pixels')
  await expect(page.getByRole('region', { name: 'Top patches' })).toContainText('whitened, own scale')
  await screenshot(page, 'unit-pixels-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'unit-pixels-dark')

  await page.getByRole('radio', { name: 'Whitened' }).click()
  await expectDrawn(own.getByRole('img', { name: /^Decoder column/ }), column)
  await expect(fitted).toContainText(`R² ${await fit('whitened')}`)
})

test('row pictures and the exported grid are drawn in the chosen space, which the dialog offers', async () => {
  const { page } = lab
  const start = async (name: string, normalisation: Normalisation) => {
    const sampling = { ...defaultSampling, patches: 1_000, normalisation }
    const dataset = await callLab(page, 'datasets.generate', 'natural', `of ${name}`, sampling)
    const short = { ...smallConfig, hidden: 9, iterations: 8 }
    const run = { datasetId: dataset.id, name, preset: null, tags: [], config: short }
    return endOf(page, (await callLab(page, 'runs.start', run)).id)
  }
  await start('plain', { kind: 'none' })
  await start('pca', { kind: 'pca', epsilon: 0.1, keptVariance: 0.9 })
  await page.getByRole('button', { name: /^Runs/ }).first().click()
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  const sprite = (name: string) => readPixels(row(name).locator('canvas.sprite'))
  await expect.poll(async () => new Set((await sprite('pca')).rgba).size).toBeGreaterThan(20)
  await expect.poll(async () => new Set((await sprite('plain')).rgba).size).toBeGreaterThan(20)
  const [whitened, plain] = [await sprite('pca'), await sprite('plain')]

  const file = join(lab.library, '..', 'filters.png')
  await answerDialogs(lab, file)
  const exportGrid = async (name: string, space?: 'Whitened' | 'Pixels') => {
    await openRun(page, name)
    await page.keyboard.press('e')
    const dialog = page.getByRole('dialog', { name: `Export “${name}”` })
    await dialog.getByRole('radio', { name: 'Filter grid (.png)' }).click()
    if (space === undefined) await expect(dialog.getByRole('radio', { name: 'Pixels' })).toBeHidden()
    else await dialog.getByRole('radio', { name: space }).click()
    await screenshot(page, `export-png-${name}-light`)
    await dialog.getByRole('button', { name: 'Export…' }).click()
    await expect(dialog).toBeHidden()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('grid', { name: 'Runs' })).toBeVisible()
    return readFileSync(file)
  }
  const weights = await exportGrid('pca', 'Whitened')
  expect((await exportGrid('pca', 'Pixels')).equals(weights)).toBe(false)
  await expect.poll(async () => (await sprite('pca')).rgba).not.toEqual(whitened.rgba)
  expect((await sprite('plain')).rgba).toEqual(plain.rgba)
  await exportGrid('plain')
})

test('colour whitened by the mean of each value is drawn in pixels as it was, and a run that collapsed says so', async () => {
  const { page } = lab
  const { id: datasetId } = await callLab(page, 'datasets.generate', 'natural', 'colour', {
    ...defaultSampling,
    patches: 2_000,
    channels: 3,
    normalisation: { kind: 'zca', epsilon: 0.1, mean: 'value' },
  })
  const linear = { ...onnxConfig, hidden: 25, decoder: 'linear', rho: 0.035, iterations: 40 } as const
  const start = async (name: string, changes: Partial<RunConfig>) => {
    const run = { datasetId, name, preset: null, tags: [], config: { ...linear, ...changes } }
    return endOf(page, (await callLab(page, 'runs.start', run)).id)
  }
  await start('coloured', {})
  await start('flat', { lambda: 1e4, beta: 0 })

  await openRun(page, 'coloured')
  const strip = page.getByRole('region', { name: 'Reconstructions' })
  const picture = strip.getByRole('img', { name: 'Patches, outputs and differences' })
  await expect(strip).toContainText('whitened patches')
  await expect.poll(async () => new Set((await readPixels(picture)).rgba).size).toBeGreaterThan(20)
  const whitened = (await readPixels(picture)).rgba
  await page.getByRole('radio', { name: 'Pixels' }).click()
  await expect(strip).toContainText('patches in pixels at')
  await expect.poll(async () => (await readPixels(picture)).rgba).not.toEqual(whitened)
  await expect(page.getByText('Variance explained')).toBeVisible()
  await screenshot(page, 'colour-pixels-light')

  await openRun(page, 'flat')
  await expect(page.getByRole('status', { name: 'About this run' })).toContainText('has collapsed')
  await screenshot(page, 'run-collapsed-light')
})

/** A canvas of 8 × 8 values shows these, each as large as the others. */
async function expectDrawn(canvas: Locator, values: Float32Array): Promise<void> {
  const levels = scaleFilter(values)
  await expect
    .poll(async () => {
      const pixels = await readPixels(canvas)
      const scale = pixels.width / 8
      return Math.max(
        ...Array.from(levels, (level, i) => {
          const [red] = colourAt(pixels, ((i % 8) + 0.5) * scale, (Math.floor(i / 8) + 0.5) * scale)
          return Math.abs(red - level)
        }),
      )
    })
    .toBeLessThanOrEqual(1)
}
