import { expect, test, type Locator, type Page } from '@playwright/test'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultSampling } from '#shared/domain/dataset.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { largestMagnitude, scaleFilter } from '#shared/filters/scaleFilter.ts'
import { costDomain } from '../../renderer/charts/valueAxis.ts'
import { fitGrid, type GridFit } from '../../renderer/filters/fitGrid.ts'
import { filterNorms, unitOrder } from '../../renderer/composables/useUnits.ts'
import { callLab, endOf, onnxConfig, openRun } from './calls.ts'
import { launchLab, renew, screenshot, type LaunchedLab } from './launch.ts'
import {
  colourAt,
  columnsOf,
  distance,
  parseColour,
  readPixels,
  rowsOf,
  type Colour,
  type Pixels,
} from './pixels.ts'

/** Three short runs, at which all tests look. */
const ids = { edges: 0, few: 0, diverged: 0 }

async function fill(page: Page): Promise<void> {
  const dataset = await callLab(page, 'datasets.generate', 'bars', 'Bars', {
    ...defaultSampling,
    patches: 2_000,
  })
  const base = { ...onnxConfig, iterations: 60, rho: 0.1 }
  const start = async (name: string, config: RunConfig) =>
    (await callLab(page, 'runs.start', { datasetId: dataset.id, config, name, preset: null, tags: [] })).id
  ids.edges = await start('Twenty-five', base)
  ids.few = await start('Sixteen', { ...base, hidden: 16, seed: 2, rho: 0.05 })
  ids.diverged = await start('Too fast', { ...base, optimiser: 'sgd', learningRate: 100, iterations: 30 })
  for (const id of Object.values(ids)) await endOf(page, id)
}

let lab: LaunchedLab
let page: Page
test.beforeAll(async () => {
  lab = await launchLab({ size: { width: 1440, height: 900 } })
  await fill(lab.page)
})
test.afterAll(() => lab.close())
test.beforeEach(async () => {
  page = lab.page
  await renew(lab)
})
test.afterEach(() => expect(lab.errors).toEqual([]))

async function snapshot(runId: number, iteration = 1e6) {
  const read = await callLab(page, 'runs.snapshot', runId, iteration)
  if (read === null) throw new Error('no snapshot')
  const W1 = Float32Array.from(read.weights.W1)
  const rhoHat = Float32Array.from(read.rhoHat)
  return { iteration: read.iteration, W1, rhoHat, norms: filterNorms(W1, rhoHat.length) }
}

const gridOf = (name: RegExp) => page.getByRole('grid', { name })
const filterGrid = () => gridOf(/^Filters of/)

function fitOf({ width, height }: Pixels, count: number, ratio = 1): GridFit {
  const fit = fitGrid({ width, height, count, filterWidth: 8, filterHeight: 8, ratio })
  if (fit === null) throw new Error('the grid does not fit')
  return fit
}

/** Grey level that stands on the canvas at a filter's pixel. */
function levelAt(pixels: Pixels, fit: GridFit, place: number, pixel: number): number {
  const pitch = 8 * fit.scale + fit.gap
  const half = Math.floor(fit.scale / 2)
  const x = fit.left + (place % fit.columns) * pitch + (pixel % 8) * fit.scale + half
  const y = fit.top + Math.floor(place / fit.columns) * pitch + Math.floor(pixel / 8) * fit.scale + half
  const [red, green, blue] = colourAt(pixels, x, y)
  expect([green, blue]).toEqual([red, red])
  return red
}

async function expectFilters(
  W1: Float32Array,
  order: readonly number[],
  peak?: number,
  ratio = 1,
): Promise<void> {
  const expected = order.map((unit) => [...scaleFilter(W1.subarray(64 * unit, 64 * unit + 64), peak)])
  await expect(async () => {
    const pixels = await readPixels(filterGrid().locator('canvas'))
    const fit = fitOf(pixels, order.length, ratio)
    const drawn = order.map((_, place) =>
      Array.from({ length: 64 }, (_, pixel) => levelAt(pixels, fit, place, pixel)),
    )
    expect(drawn).toEqual(expected)
    expect(colourAt(pixels, 1, 1)).toEqual([128, 128, 128])
    expect(colourAt(pixels, fit.left + 8 * fit.scale + 1, fit.top)).toEqual([128, 128, 128])
  }).toPass({ timeout: 10_000 })
}

test('every pixel of every filter has the grey of its weight, by its own and by the shared scale', async () => {
  await openRun(page, 'Twenty-five')
  const { W1, rhoHat, norms } = await snapshot(ids.edges)
  const units = unitOrder('index', rhoHat, norms)
  await expectFilters(W1, units)
  await page.getByRole('radio', { name: 'Shared scale' }).click()
  await expectFilters(W1, units, largestMagnitude(W1))
  await page.getByRole('radio', { name: 'Own scale' }).click()
  await page.getByRole('button', { name: /^Sort/ }).click()
  await page.getByText('Sort: weight norm').last().click()
  await expectFilters(W1, unitOrder('norm', rhoHat, norms))
  expect(unitOrder('norm', rhoHat, norms)).not.toEqual(units)
})

test('filters stand on whole device pixels on a screen of another density', async () => {
  const library = mkdtempSync(join(tmpdir(), 'rho-lab-drawing-'))
  // The same library, as a second window cannot have it open.
  cpSync(lab.library, library, { recursive: true })
  const dense = await launchLab({
    library,
    args: ['--force-device-scale-factor=1.5'],
    size: { width: 1200, height: 760 },
  })
  page = dense.page
  await openRun(page, 'Twenty-five')
  expect(await page.evaluate(() => devicePixelRatio)).toBe(1.5)
  const { W1, rhoHat, norms } = await snapshot(ids.edges)
  await expectFilters(W1, unitOrder('index', rhoHat, norms), undefined, 1.5)
  const box = await filterGrid().locator('canvas').boundingBox()
  const { width } = await readPixels(filterGrid().locator('canvas'))
  expect(box?.width).toBeCloseTo(width / 1.5, 3)
  await dense.close()
  rmSync(library, { recursive: true })
})

test('the unit under the pointer is ringed and told, and keys move through the units', async () => {
  await openRun(page, 'Twenty-five')
  const { W1, rhoHat, norms } = await snapshot(ids.edges)
  const pixels = await readPixels(filterGrid().locator('canvas'))
  const fit = fitOf(pixels, 25)
  const pitch = 8 * fit.scale + fit.gap
  // The third filter of the second row: unit 8.
  await filterGrid().hover({ position: { x: fit.left + 2.5 * pitch, y: fit.top + 1.5 * pitch } })
  const card = page.getByRole('region', { name: 'Unit under the pointer' })
  await expect(card).toContainText('Unit 8')
  await expect(card).toContainText(rhoHat[7].toFixed(4))
  await expect(card).toContainText(norms[7].toFixed(2))
  const ring = await filterGrid().locator('.ring').boundingBox()
  const grid = await filterGrid().boundingBox()
  expect([(ring?.x ?? 0) - (grid?.x ?? 0), (ring?.y ?? 0) - (grid?.y ?? 0)]).toEqual([
    fit.left + 2 * pitch,
    fit.top + pitch,
  ])
  const enlarged = await readPixels(card.locator('canvas'))
  const levels = scaleFilter(W1.subarray(7 * 64, 8 * 64))
  expect(colourAt(enlarged, 15, 5)[0]).toBe(levels[1])

  await filterGrid().focus()
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft']) await page.keyboard.press(key)
  const active = page.locator(`[id="${await filterGrid().getAttribute('aria-activedescendant')}"]`)
  await expect(active).toHaveAttribute(
    'aria-label',
    `Unit 13, rho hat ${rhoHat[12].toFixed(4)}, norm ${norms[12].toFixed(2)}`,
  )
  await page.keyboard.press('Home')
  await expect(card).toContainText('Unit 11')
})

test('the slider plays the filters back to the weights before training', async () => {
  await openRun(page, 'Twenty-five')
  const first = await snapshot(ids.edges, 0)
  const last = await snapshot(ids.edges)
  const units = unitOrder('index', last.rhoHat, last.norms)
  const slider = page.getByRole('slider', { name: 'Snapshot' })
  await slider.press('Home')
  await expect(slider).toHaveAttribute('aria-valuetext', 'Iteration 0 of 60')
  await expectFilters(first.W1, units)
  const histogram = page.getByRole('region', { name: 'Hidden units by average activation' })
  await expect(histogram).toContainText('at iteration 0')
  await slider.press('End')
  await expect(slider).toHaveAttribute('aria-valuetext', 'Iteration 60 of 60')
  await expectFilters(last.W1, units)
  // Without focus on the slider its keys work too.
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.keyboard.press('Home')
  await expectFilters(first.W1, units)
})

const tokens = {
  light: { bg: '#ffffff', grid: '#edeef1', accent: '#4b45d6', cost: '#17181b' },
  dark: { bg: '#141518', grid: '#222429', accent: '#a5a0ff', cost: '#ecedef' },
}

/** Where the plot of a chart lies, found by what is drawn: gridlines and the cursor at the last iteration. */
function plotOf(pixels: Pixels, theme: keyof typeof tokens) {
  const left = 48
  const lines = rowsOf(pixels, left + 3, parseColour(tokens[theme].grid), 3)
  const [top, bottom] = [Math.min(...lines), Math.max(...lines)]
  const cursor = columnsOf(pixels, top + 4, parseColour(tokens[theme].accent), 2)
  expect(cursor).toHaveLength(1)
  return { left, right: cursor[0], top, bottom }
}

for (const theme of ['light', 'dark'] as const) {
  test(`the cost is drawn where its values are, in the ${theme} theme`, async () => {
    await page.emulateMedia({ colorScheme: theme })
    await openRun(page, 'Twenty-five')
    const series = await callLab(page, 'runs.series', ids.edges, -1)
    const domain = costDomain(
      'log',
      [series.cost],
      [series.reconstruction, series.weightDecay, series.sparsity],
      1,
      'decades',
    )
    if (domain === null) throw new Error('nothing to draw')
    const canvas = page.getByRole('region', { name: 'Cost over the iterations' }).locator('canvas')
    const colour = parseColour(tokens[theme].cost)
    await expect(async () => {
      const pixels = await readPixels(canvas)
      const { left, right, top, bottom } = plotOf(pixels, theme)
      for (const i of [2, 5, 10, 20, 40]) {
        const x = left + (Math.log(series.iteration[i]) / Math.log(60)) * (right - left)
        const share = Math.log(series.cost[i] / domain.min) / Math.log(domain.max / domain.min)
        const y = bottom - share * (bottom - top)
        const near: Colour[] = [-2, -1, 0, 1, 2].map((dy) => colourAt(pixels, x, y + dy))
        expect(Math.min(...near.map((pixel) => distance(pixel, colour))), `at iteration ${i}`).toBeLessThan(
          90,
        )
      }
      expect(colourAt(pixels, right - 2, top + 2), 'no curve in the upper right').toEqual(
        parseColour(tokens[theme].bg),
      )
    }).toPass({ timeout: 10_000 })
    await screenshot(page, `run-finished-${theme}`)
  })
}

test('charts are drawn again when the system changes its theme', async () => {
  await openRun(page, 'Twenty-five')
  const canvas = page.getByRole('region', { name: 'Cost over the iterations' }).locator('canvas')
  await expect(async () => plotOf(await readPixels(canvas), 'light')).toPass({ timeout: 10_000 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(async () => plotOf(await readPixels(canvas), 'dark')).toPass({ timeout: 10_000 })
})

test('the pointer in a chart shows the values of that iteration, and a click its filters', async () => {
  await openRun(page, 'Twenty-five')
  const series = await callLab(page, 'runs.series', ids.edges, -1)
  const cost = page.getByRole('region', { name: 'Cost over the iterations' })
  await expect(cost).toContainText(series.cost[60].toFixed(4))
  const { left, right, top } = plotOf(await readPixels(cost.locator('canvas')), 'light')
  const x = left + (Math.log(10) / Math.log(60)) * (right - left)
  await cost.locator('canvas').hover({ position: { x, y: top + 20 } })
  await expect(cost).toContainText(series.cost[10].toFixed(4))
  await expect(cost).toContainText(series.reconstruction[10].toFixed(4))
  await cost.locator('canvas').click({ position: { x: left, y: top + 20 } })
  await expect(page.getByRole('slider', { name: 'Snapshot' })).toHaveAttribute(
    'aria-valuetext',
    'Iteration 1 of 60',
  )
})

test('a chart offers its numbers as a table', async () => {
  await openRun(page, 'Twenty-five')
  const series = await callLab(page, 'runs.series', ids.edges, -1)
  const cost = page.getByRole('region', { name: 'Cost over the iterations' })
  await cost.hover()
  await cost.getByRole('button', { name: /as a table/ }).click()
  const last = cost.getByRole('row').last()
  await expect(last.getByRole('cell')).toHaveText([
    '60',
    ...[series.cost, series.reconstruction, series.weightDecay, series.sparsity].map((column) =>
      column[60].toFixed(4),
    ),
  ])
  const units = page.getByRole('region', { name: 'Hidden units by average activation' })
  await units.getByRole('button', { name: /as a table/ }).click()
  const counts = await units.locator('tbody tr td:last-child').allInnerTexts()
  expect(counts.map(Number).reduce((a, b) => a + b)).toBe(25)
})

test('the difference of a reconstruction is output minus patch, with no difference at grey', async () => {
  await openRun(page, 'Twenty-five')
  const canvas = page.getByRole('region', { name: 'Reconstructions' }).locator('canvas')
  await expect(canvas).toBeVisible()
  await expect(async () => {
    const pixels = await readPixels(canvas)
    // Three rows of 8 × 8 patches at ×4, 4 apart.
    expect(pixels.height).toBe(3 * 32 + 2 * 4)
    let compared = 0
    for (let x = 2; x < pixels.width; x += 4) {
      for (let y = 2; y < 32; y += 4) {
        const [patch, output, difference] = [0, 36, 72].map((row) => colourAt(pixels, x, y + row)[0])
        // Clipped levels, and the gaps between patches, say nothing.
        if ([patch, output, difference].some((level) => level <= 1 || level >= 255) || x % 40 >= 32) continue
        expect(Math.abs(output - patch - (difference - 128))).toBeLessThanOrEqual(2)
        compared++
      }
    }
    expect(compared).toBeGreaterThan(100)
  }).toPass({ timeout: 10_000 })
})

const columnsIn = async (grid: Locator) => Number(await grid.getAttribute('aria-colcount'))

/** Scale of a grid whose ground ends two gaps beyond its filters. */
function scaleOf(width: number, columns: number): number {
  const scales = [4, 3, 2].map((gap) => ((width - 3 * gap) / columns - gap) / 8)
  const scale = scales.find(Number.isInteger)
  if (scale === undefined) throw new Error(`no whole scale makes ${columns} filters ${width} wide`)
  return scale
}

test('compared filters have one scale, and the settings that differ are named', async () => {
  for (const name of ['Twenty-five', 'Sixteen']) {
    await page.getByRole('row').filter({ hasText: name }).getByRole('gridcell').first().click()
  }
  await page.getByRole('button', { name: /^Compare/ }).click()
  await expect(page.getByRole('heading', { name: 'Compare 2 runs' })).toBeVisible()
  const [a, b] = [gridOf(/^Filters of run A/), gridOf(/^Filters of run B/)]
  await expect(a).toBeVisible()
  await expect(async () => {
    const [first, second] = [await readPixels(a.locator('canvas')), await readPixels(b.locator('canvas'))]
    expect(scaleOf(first.width, await columnsIn(a))).toBe(scaleOf(second.width, await columnsIn(b)))
    expect(first.width).toBeGreaterThan(second.width)
  }).toPass({ timeout: 10_000 })
  const table = page.getByRole('region', { name: 'What differs' })
  const row = (name: string) => table.getByRole('row').filter({ hasText: name })
  await expect(row('Hidden units').getByRole('cell')).toHaveText(['25', '16'])
  await expect(row('Seed').getByRole('cell')).toHaveText(['1', '2'])
  await expect(row('Activation')).toHaveCount(0)
  // In matched order the first place is the first unit that has a partner.
  await page.getByRole('radio', { name: 'Unit order' }).click()
  await a.hover({ position: { x: 30, y: 30 } })
  await expect(page.getByRole('region', { name: 'Run A' })).toContainText('Unit 1')
  await screenshot(page, 'compare-light')
})

test('a run that diverged says why and what to do', async () => {
  await openRun(page, 'Too fast')
  await expect(page.getByRole('alert')).toContainText(/Cost became .* Lower the learning rate/)
  await expect(page.getByRole('button', { name: 'New run from this' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Resume' })).toHaveCount(0)
  await screenshot(page, 'run-diverged-light')
})
