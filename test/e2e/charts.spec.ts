import { expect, test, type Page } from '@playwright/test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { callLab, endOf, onnxConfig, openRun } from './calls.ts'
import { answerDialogs } from './dialogs.ts'
import { launchLab, screenshot, type LaunchedLab } from './launch.ts'

let folder: string
let lab: LaunchedLab
let page: Page
let runId: number

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-charts-'))
  lab = await launchLab({ size: { width: 1440, height: 900 } })
  ;({ page } = lab)
  const sampling = { ...defaultSampling, patches: 2_000 }
  const dataset = await callLab(page, 'datasets.generate', 'natural', 'Natural', sampling)
  const short = { ...onnxConfig, hidden: 49, rho: 0.05, iterations: 60 }
  const run = { datasetId: dataset.id, config: short, name: 'Edges', preset: null, tags: [] }
  runId = (await callLab(page, 'runs.start', run)).id
  expect((await endOf(page, runId)).status).toBe('finished')
})
test.afterAll(async () => {
  await lab.close()
  rmSync(folder, { recursive: true, force: true })
  expect(lab.errors).toEqual([])
})
test.beforeEach(() => openRun(page, 'Edges'))

const cost = () => page.getByRole('region', { name: 'Cost over the iterations' })

/** Exports what a button's menu offers; the file dialog answers with a path in the test's folder. */
async function exported(button: string, choice: string, name: string): Promise<Buffer> {
  const path = join(folder, name)
  await answerDialogs(lab, path)
  await page.getByRole('button', { name: `Export: ${button}` }).click()
  await page.getByText(choice, { exact: true }).click()
  await expect(page.getByText(`Saved ${path}`)).toBeVisible()
  await expect(page.getByText(choice, { exact: true })).toHaveCount(0)
  return readFileSync(path)
}

/** Share of dark picture elements in a picture, rasterised by the window on white; for a chart, its ink. */
const ink = (picture: Buffer, type: string) =>
  page.evaluate(
    async ([base64, type]) => {
      const image = new Image()
      image.src = `data:${type};base64,${base64}`
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = 600
      canvas.height = 400
      const ctx = canvas.getContext('2d')!
      ctx.drawImage(image, 0, 0, 600, 400)
      const { data } = ctx.getImageData(0, 0, 600, 400)
      const rows = Array.from({ length: 8 }, () => 0)
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] + data[i + 1] + data[i + 2] < 600) rows[Math.floor(i / 4 / 600 / 50)]++
      }
      return rows.map((count) => count / 30_000)
    },
    [picture.toString('base64'), type],
  )

test('a chart goes out as a picture, as a drawing of lines that shows the same, and as its numbers in full', async () => {
  const png = await exported('Cost over the iterations', 'Picture (PNG)', 'cost.png')
  const svg = await exported('Cost over the iterations', 'Drawing (SVG)', 'cost.svg')
  const csv = await exported('Cost over the iterations', 'Numbers (CSV)', 'cost.csv')

  const text = svg.toString()
  expect(text).toContain('<path')
  expect(text).not.toContain('<image')
  for (const name of ['Reconstruction', 'Weight decay', 'Sparsity', 'Cost over the iterations']) {
    expect(text).toContain(name)
  }
  const [asPng, asSvg] = [await ink(png, 'image/png'), await ink(svg, 'image/svg+xml')]
  expect(Math.max(...asPng)).toBeGreaterThan(0.005)
  asSvg.forEach((share, row) => expect(Math.abs(share - asPng[row])).toBeLessThan(0.01))

  const series = await callLab(page, 'runs.series', runId, -1)
  const [head, ...rows] = csv.toString().trimEnd().split('\r\n')
  expect(head).toBe('iteration,elapsedMs,evaluations,Cost,Reconstruction,Weight decay,Sparsity')
  expect(rows).toHaveLength(series.count)
  expect(rows.map((row) => Number(row.split(',')[3]))).toEqual(series.cost)
})

test('a double click opens a run as it ended: its second click picks no time of the chart that it falls on', async () => {
  await page.getByRole('button', { name: /^Runs/ }).first().click()
  await page.getByRole('grid', { name: 'Runs' }).getByText('Edges', { exact: true }).click()
  const snapshot = page.getByRole('slider', { name: 'Snapshot' })
  await expect(snapshot).toHaveAttribute('aria-valuenow', '60')
  const box = (await cost().locator('canvas').boundingBox())!
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 60)
  await page.mouse.down({ clickCount: 2 })
  await page.mouse.up({ clickCount: 2 })
  const heading = page.getByRole('heading', { name: 'Edges' })
  // Over a chart the pointer itself asks for another time.
  await heading.hover()
  await expect(snapshot).toHaveAttribute('aria-valuenow', '60')
  await page.mouse.click(box.x + 0.5 * box.width, box.y + 60)
  await heading.hover()
  await expect(snapshot).not.toHaveAttribute('aria-valuenow', '60')
})

test('a chart is zoomed by dragging, explained where it stands, and drawn over time and smoothed', async () => {
  const canvas = cost().locator('canvas')
  const box = (await canvas.boundingBox())!
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 60)
  await page.mouse.down()
  await page.mouse.move(box.x + 0.8 * box.width, box.y + 70, { steps: 4 })
  await screenshot(page, 'run-zooming-light')
  await page.mouse.up()
  await expect(cost().getByRole('button', { name: 'Show all' })).toBeVisible()
  const average = page.getByRole('region', { name: 'Average activation over the iterations' })
  await expect(average.getByRole('button', { name: 'Show all' })).toBeVisible()
  await screenshot(page, 'run-zoomed-light')

  await canvas.focus()
  await page.keyboard.press('0')
  await expect(cost().getByRole('button', { name: 'Show all' })).toHaveCount(0)

  await cost().getByRole('button', { name: 'Explain: Cost' }).click()
  await expect(page.getByRole('region', { name: 'Cost', exact: true }).locator('math').first()).toBeVisible()
  await screenshot(page, 'run-explained-light')
  await page.keyboard.press('Escape')

  await cost()
    .getByRole('button', { name: /how it is drawn/ })
    .click()
  await page.getByRole('radio', { name: 'Time' }).click()
  await page.getByRole('slider', { name: 'Smoothing' }).fill('0.9')
  await screenshot(page, 'run-smoothed-light')
  await expect(cost()).toContainText('by training time')
  await page.getByRole('radio', { name: 'Iterations' }).click()
  await page.getByRole('slider', { name: 'Smoothing' }).fill('0')
  await page.keyboard.press('Escape')
})

test('every unit is seen over time, the optimiser beside the cost, the worst patches, and filters in other orders', async () => {
  await cost().getByRole('button', { name: 'Optimiser' }).click()
  await expect(page.getByRole('region', { name: 'Optimiser over the iterations' })).toContainText(
    'Gradient norm',
  )
  await page.getByRole('button', { name: 'Each unit' }).click()
  const map = page.getByRole('region', { name: 'Average activation of every unit over the iterations' })
  const canvas = map.getByRole('grid')
  const box = (await canvas.boundingBox())!
  // Past the axis, in the row of the last of 49 units.
  await canvas.hover({ position: { x: box.width - 8, y: box.height - 22 - 3 } })
  const reading = map.getByText(/^unit 49 at/).first()
  const [, iteration, value] = /at (\d+): (\S+)/.exec((await reading.textContent()) ?? '') ?? []
  const recorded = await callLab(page, 'runs.rhoHat', runId, Number(iteration))
  expect(recorded?.iteration).toBe(Number(iteration))
  expect(value).toBe(recorded?.rhoHat[48].toFixed(4))
  await canvas.focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Home')
  // A logarithmic axis begins at the first iteration, not at the start.
  const start = (await callLab(page, 'runs.rhoHat', runId, 1))!
  await expect(map.getByRole('gridcell')).toHaveAccessibleName(
    `Unit 48, iteration ${start.iteration}, rho hat ${start.rhoHat[47].toFixed(4)}`,
  )
  await page.keyboard.press('+')
  await map.getByRole('button', { name: 'Show all' }).click()
  // What stands above may have grown since.
  const settled = (await canvas.boundingBox())!
  await page.mouse.move(settled.x + settled.width / 2, settled.y + settled.height / 2)
  await page.mouse.down()
  await page.mouse.move(settled.x + settled.width - 30, settled.y + settled.height / 2, { steps: 3 })
  await page.mouse.up()
  await map.getByRole('button', { name: 'Show all' }).click()

  await page.getByRole('radio', { name: 'Worst' }).click()
  const worst = (await callLab(page, 'runs.worstPatches', runId, 60, 24))!
  const spread = (await callLab(page, 'runs.reconstructions', runId, 60, 24))!
  const error = ({ patches, outputs, count }: typeof worst) =>
    patches.reduce((sum, value, i) => sum + (outputs[i] - value) ** 2, 0) / count
  expect(error(worst)).toBeGreaterThan(error(spread))
  await expect(page.getByRole('region', { name: 'Reconstructions' })).toContainText('worst of all')
  await page.getByRole('button', { name: /^Sort:/ }).click()
  await page.getByText('Sort: orientation').click()
  await screenshot(page, 'run-each-unit-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'run-each-unit-dark')

  const svg = await exported('Filters of Edges', 'Drawing (SVG)', 'filters.svg')
  expect(svg.toString().match(/<title>/g)).toHaveLength(49)
  await expect(page.getByRole('region', { name: 'Command line' })).toContainText(
    'lab train --dataset 1 --hidden 49 --rho 0.05 --iterations 60 --engine onnx --name=Edges',
  )
  await canvas.click({ position: { x: box.width - 8, y: box.height - 22 - 3 } })
  await expect(page.getByRole('heading', { name: /^Unit 49/ })).toBeVisible()
  const decoder = await exported('Decoder column of unit 49', 'Numbers (CSV)', 'decoder.csv')
  const { W2 } = (await callLab(page, 'runs.snapshot', runId, 60))!.weights
  const row = decoder.toString().split('\r\n')[1].split(',').map(Number)
  expect(row).toEqual([49, ...W2.filter((_, i) => i % 49 === 48)])

  // What stands in the page as SVG is drawn once more, with the colours and lines of its style sheets.
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByRole('button', { name: 'Datasets' }).first().click()
  await page.getByText('Natural', { exact: true }).last().click()
  for (const [name, file] of [
    ['Spectrum of the patches', 'spectrum'],
    ['Values as the network sees them', 'values'],
  ]) {
    const png = await ink(await exported(name, 'Picture (PNG)', `${file}.png`), 'image/png')
    const drawing = await exported(name, 'Drawing (SVG)', `${file}.svg`)
    expect(drawing.toString()).not.toContain('<image')
    const asSvg = await ink(drawing, 'image/svg+xml')
    expect(Math.max(...png)).toBeGreaterThan(0.005)
    asSvg.forEach((share, at) => expect(Math.abs(share - png[at])).toBeLessThan(0.02))
  }
})
