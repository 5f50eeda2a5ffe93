import { expect, test, type Locator, type Page } from '@playwright/test'
import { defaultSampling } from '#shared/domain/dataset.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { cosineSimilarity } from '#shared/filters/similarity.ts'
import { scaleFilter } from '#shared/filters/scaleFilter.ts'
import { fitGrid } from '../../renderer/filters/fitGrid.ts'
import { callLab, endOf, onnxConfig, openRun } from './calls.ts'
import { launchLab, renew, screenshot, type LaunchedLab } from './launch.ts'
import { colourAt, distance, parseColour, readPixels } from './pixels.ts'

/** Photograph-like images with two runs of 16 and 25 units; bars, which have no images, with one. */
const ids = { first: 0, second: 0, bars: 0 }
const sampling = { ...defaultSampling, patches: 1_500 }
const base = { ...onnxConfig, hidden: 16, iterations: 40, rho: 0.1 }

async function fill(page: Page): Promise<void> {
  const natural = await callLab(page, 'datasets.generate', 'natural', 'Natural', sampling)
  const bars = await callLab(page, 'datasets.generate', 'bars', 'Bars', sampling)
  const start = async (name: string, datasetId: number, config: RunConfig) =>
    (await callLab(page, 'runs.start', { datasetId, config, name, preset: null, tags: [] })).id
  ids.first = await start('First', natural.id, base)
  ids.second = await start('Second', natural.id, { ...base, hidden: 25, seed: 2 })
  ids.bars = await start('Of bars', bars.id, { ...base, activation: 'tanh', iterations: 20 })
  for (const id of Object.values(ids)) await endOf(page, id)
}

let lab: LaunchedLab
let page: Page
test.beforeAll(async () => {
  lab = await launchLab({ size: { width: 1440, height: 900 }, colorScheme: 'dark' })
  page = lab.page
  await fill(page)
})
test.afterAll(() => lab.close())
test.beforeEach(() => renew(lab, 'dark'))
test.afterEach(() => expect(lab.errors).toEqual([]))

const grid = (name = /^Filters of/) => page.getByRole('grid', { name })
const region = (name: string): Locator => page.getByRole('region', { name })
const unitHeading = (number: number) => page.getByRole('heading', { name: `Unit ${number}`, exact: true })

async function snapshot(runId: number) {
  const read = await callLab(page, 'runs.snapshot', runId, 1e6)
  if (read === null) throw new Error('no snapshot')
  return read
}

/** Opens a run, and a unit of it by a click in its grid, which is in the units' own order. */
async function openUnit(run: string, unit: number, count: number): Promise<void> {
  await openRun(page, run)
  const pixels = await readPixels(grid().locator('canvas'))
  const fit = fitGrid({
    width: pixels.width,
    height: pixels.height,
    count,
    filterWidth: 8,
    filterHeight: 8,
    ratio: 1,
  })
  if (fit === null) throw new Error('the grid does not fit')
  const pitch = 8 * fit.scale + fit.gap
  await grid().click({
    position: {
      x: fit.left + (unit % fit.columns) * pitch + 4 * fit.scale,
      y: fit.top + Math.floor(unit / fit.columns) * pitch + 4 * fit.scale,
    },
  })
  await expect(unitHeading(unit + 1)).toBeVisible()
}

/** What stands beside a term of a description list. */
const value = (scope: Locator, term: string): Promise<string | null> =>
  scope.locator('dl > div').filter({ hasText: term }).locator('dd').textContent()

/** Sends a signal to the process of the analysis. @returns how many there were */
const signalAnalysis = (signal: 'SIGSTOP' | 'SIGKILL'): Promise<number> =>
  lab.app.evaluate(({ app }, signal) => {
    const processes = app.getAppMetrics().filter(({ name }) => name?.includes('The analysis'))
    for (const { pid } of processes) process.kill(pid, signal)
    return processes.length
  }, signal)

test('a click on a filter opens its unit, whose pictures and numbers are those of the weights', async () => {
  await openUnit('First', 6, 16)
  const { weights, iteration } = await snapshot(ids.first)
  const activations = await callLab(page, 'units.activations', ids.first, 6, iteration)
  const own = region('Weights')

  const filter = weights.W1.slice(6 * 64, 7 * 64)
  const decoder = Array.from({ length: 64 }, (_, i) => weights.W2[i * 16 + 6])
  for (const [name, values] of [
    ['Filter of unit 7', filter],
    ['Decoder column of unit 7', decoder],
  ] as const) {
    const pixels = await readPixels(own.getByRole('img', { name, exact: true }))
    const scale = pixels.width / 8
    expect(Number.isInteger(scale)).toBe(true)
    const levels = scaleFilter(values)
    levels.forEach((level, i) => {
      const [red] = colourAt(pixels, ((i % 8) + 0.5) * scale, (Math.floor(i / 8) + 0.5) * scale)
      expect(red).toBe(level)
    })
  }

  await expect.poll(() => value(own, 'Average activation')).toBe(activations.average.toFixed(4))
  expect(await value(own, 'Median activation')).toBe(activations.median.toFixed(4))
  expect(await value(own, 'Largest activation')).toBe(activations.largest.toFixed(3))
  const norm = Math.hypot(...filter)
  expect(await value(own, 'Weight norm')).toBe(norm.toFixed(3))
  const cosine = cosineSimilarity(filter, decoder).toFixed(3).replace('-', '−')
  expect(await value(own, 'Encoder to decoder cosine')).toBe(cosine)

  const fit = await callLab(page, 'units.gabor', ids.first, 6, iteration, 'whitened')
  await expect(region('Gabor fit')).toContainText(`R² ${fit?.r2.toFixed(3)}`)
  await expect(region('Top patches').getByRole('listitem').getByRole('button')).toHaveCount(
    activations.top.length,
  )
  await screenshot(page, 'unit')
})

test('the histogram has a bar wherever there are patches, and none elsewhere', async () => {
  await openUnit('First', 6, 16)
  const { iteration } = await snapshot(ids.first)
  const { histogram, average } = await callLab(page, 'units.activations', ids.first, 6, iteration)
  const canvas = page.getByRole('img', { name: 'How active unit 7 is on the patches of the dataset' })
  await expect(canvas).toBeVisible()
  await page.waitForTimeout(300)
  const pixels = await readPixels(canvas)
  const ground = parseColour('#141518')
  const [left, right] = [48, pixels.width - 4]
  // Just above the axis, where the bar of a single patch reaches.
  const y = pixels.height - 22 - 2
  histogram.counts.forEach((count, bin) => {
    const x = left + ((bin + 0.5) / histogram.counts.length) * (right - left)
    // The mark of the average stands in one of the bars.
    if (Math.abs(x - (left + average * (right - left))) < 3) return
    const isBar = distance(colourAt(pixels, x, y), ground) > 40
    expect(isBar, `bin ${bin} with ${count} patches`).toBe(count > 0)
  })
})

test('arrow keys go from unit to unit, a film to earlier weights, Escape back to the run', async () => {
  await openUnit('First', 6, 16)
  await page.keyboard.press('ArrowRight')
  await expect(unitHeading(8)).toBeVisible()
  await page.getByRole('button', { name: 'Previous unit' }).click()
  await page.keyboard.press('ArrowLeft')
  await expect(unitHeading(6)).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'of 16 units, at iteration 40' })).toBeVisible()

  await page.getByRole('button', { name: 'Show the weights at iteration 0', exact: true }).click()
  await expect(page.getByRole('status').filter({ hasText: 'at iteration 0' })).toBeVisible()
  const { average } = await callLab(page, 'units.activations', ids.first, 5, 0)
  await expect.poll(() => value(region('Weights'), 'Average activation')).toBe(average.toFixed(4))

  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: 'First' })).toBeVisible()
})

test('Enter in the grid opens the unit that is ringed', async () => {
  await openRun(page, 'First')
  await grid().focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(unitHeading(3)).toBeVisible()
})

test('a top patch that is pointed at is shown in its image, where it was cut', async () => {
  await openUnit('First', 6, 16)
  const { iteration } = await snapshot(ids.first)
  const { top, patches } = await callLab(page, 'units.activations', ids.first, 6, iteration)
  const [, , third] = top
  if (third.position === null) throw new Error('the patch has no image')
  await region('Top patches').getByRole('listitem').getByRole('button').nth(2).hover()
  const detail = region('Patch under the pointer')
  await expect.poll(() => value(detail, 'Position')).toContain(`${third.position.x}, ${third.position.y} px`)
  expect(await value(detail, 'Rank')).toBe(`${third.rank} of ${patches.toLocaleString('en-US')}`)
  const run = await callLab(page, 'runs.get', ids.first)
  const [image] = await callLab(page, 'datasets.images', run.datasetId, [third.position.image])
  await expect(detail.getByRole('heading')).toHaveText(image.file)

  const pixels = await readPixels(detail.getByRole('img', { name: /^The patch in/ }))
  const scale = pixels.width / image.width
  const accent = parseColour('#a5a0ff')
  const marked = Array.from({ length: pixels.width * pixels.height }, (_, i) => ({
    x: i % pixels.width,
    y: Math.floor(i / pixels.width),
  })).filter(({ x, y }) => distance(colourAt(pixels, x, y), accent) <= 2)
  const middle = (values: number[]) => (Math.min(...values) + Math.max(...values) + 1) / 2
  // Moved inwards by at most half its side where the patch lies at the edge.
  const near = { x: (third.position.x + 4) * scale, y: (third.position.y + 4) * scale }
  expect(Math.abs(middle(marked.map(({ x }) => x)) - near.x)).toBeLessThanOrEqual(9)
  expect(Math.abs(middle(marked.map(({ y }) => y)) - near.y)).toBeLessThanOrEqual(9)
})

test('its match in another run opens that unit; back leads here again', async () => {
  await openUnit('First', 6, 16)
  const { iteration } = await snapshot(ids.first)
  const matches = await callLab(page, 'units.matches', ids.first, 6, iteration, 'whitened')
  const best = matches.findIndex(({ runId }) => runId === ids.second)
  const row = region('Matches in other runs').getByRole('listitem').getByRole('button').nth(best)
  await expect(row).toContainText('Second')
  await expect(row).toContainText(matches[best].cosine.toFixed(2))
  await row.click()
  await expect(unitHeading(matches[best].unit + 1)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Second' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(unitHeading(7)).toBeVisible()
})

test('a unit of tanh on patches without images is shown as a share of active, with its patches alone', async () => {
  await openUnit('Of bars', 2, 16)
  const { iteration } = await snapshot(ids.bars)
  const { average, top } = await callLab(page, 'units.activations', ids.bars, 2, iteration)
  await expect.poll(() => value(region('Weights'), 'Average activation')).toBe(average.toFixed(4))
  expect(average).toBeGreaterThan(0)
  await expect(region('Top patches').getByRole('listitem').getByRole('button')).toHaveCount(top.length)
  await expect(region('Patch under the pointer')).not.toContainText('Position')
  await screenshot(page, 'unit-without-images')
})

test('should the analysis crash, the page says so, and the next unit is shown as if nothing had been', async () => {
  await openUnit('First', 6, 16)
  await expect.poll(() => value(region('Weights'), 'Average activation')).toMatch(/^0\.\d{4}$/)
  // Held still, so that it dies with a question unanswered.
  expect(await signalAnalysis('SIGSTOP')).toBe(1)
  await page.keyboard.press('ArrowRight')
  await expect(unitHeading(8)).toBeVisible()
  await page.waitForTimeout(300)
  expect(await signalAnalysis('SIGKILL')).toBe(1)
  await expect(region('Top patches').getByRole('alert')).toContainText('The analysis')
  await expect(region('Weights').getByRole('img', { name: 'Filter of unit 8', exact: true })).toBeVisible()

  await page.keyboard.press('ArrowRight')
  await expect(unitHeading(9)).toBeVisible()
  const { iteration } = await snapshot(ids.first)
  const { average } = await callLab(page, 'units.activations', ids.first, 8, iteration)
  await expect.poll(() => value(region('Weights'), 'Average activation')).toBe(average.toFixed(4))
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('in a comparison partners stand at the same place, and pointing at one rings the other', async () => {
  await page.getByRole('grid', { name: 'Runs' }).waitFor()
  for (const name of ['First', 'Second']) {
    const run = page.locator('[role=row][aria-rowindex]').filter({ hasText: name })
    await run.getByRole('gridcell').first().click()
  }
  await page.keyboard.press('c')
  const [a, b] = [grid(/^Filters of run A/), grid(/^Filters of run B/)]
  await expect(a).toBeVisible()
  await expect(b).toBeVisible()

  const { pairs } = await callLab(page, 'filters.match', [ids.first, ids.second])
  const [{ partner, similarity, matchedShare }] = pairs
  await expect(region('Run B')).toContainText(`to A ${similarity?.toFixed(2)}`)
  await expect(region('Run B')).toContainText(`${(100 * matchedShare).toFixed(0)} %`)
  await expect(region('Run B')).toContainText('last 9 unmatched')

  const [one, other] = [await snapshot(ids.first), await snapshot(ids.second)]
  const filter = (W1: number[], unit: number) => W1.slice(unit * 64, (unit + 1) * 64)
  const cosine = cosineSimilarity(filter(one.weights.W1, 3), filter(other.weights.W1, partner[3])).toFixed(2)
  await a.focus()
  for (let k = 0; k < 3; k++) await page.keyboard.press('ArrowRight')
  await expect(a.getByRole('gridcell')).toHaveAccessibleName(/^Unit 4,/)
  await expect(b.getByRole('gridcell')).toHaveAccessibleName(new RegExp(`^Unit ${partner[3] + 1},`))
  await expect(b.locator('.chip')).toHaveText(cosine.replace('-', '−'))
  await screenshot(page, 'compare-matched')

  // From the other side: the first unit of B that has no partner rings nothing in A.
  const alone = Array.from({ length: 25 }, (_, unit) => unit).find((unit) => !partner.includes(unit))
  await b.focus()
  await page.getByRole('radio', { name: 'Unit order' }).click()
  await b.focus()
  await page.keyboard.press('Home')
  for (let k = 0; k < 4; k++) await page.keyboard.press('ArrowUp')
  for (let k = 0; k < (alone ?? 0); k++) {
    const before = await b.getByRole('gridcell').getAttribute('aria-label')
    await page.keyboard.press('ArrowRight')
    await expect(b.getByRole('gridcell')).not.toHaveAccessibleName(before ?? '')
  }
  await expect(b.getByRole('gridcell')).toHaveAccessibleName(new RegExp(`^Unit ${(alone ?? 0) + 1},`))
  await expect(a.getByRole('gridcell')).toHaveCount(0)
})
