import { expect, test, type Page } from '@playwright/test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { callLab, onnxConfig } from './calls.ts'
import { answered, done } from './dialogs.ts'
import { launchLab, screenshot, type LaunchedLab } from './launch.ts'

let lab: LaunchedLab
test.afterEach(async () => {
  // What still trains is stopped, without a question.
  await lab.app
    .evaluate(({ dialog }) => {
      dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false })
    })
    .catch(() => undefined)
  await lab.close()
})

/** Runs that end only when they are ended; the first trains, the others wait. */
async function startRuns(page: Page, ...names: string[]): Promise<number[]> {
  const { id } = await callLab(page, 'datasets.generate', 'bars', 'bars', {
    ...defaultSampling,
    patches: 2_000,
  })
  const config = { ...onnxConfig, optimiser: 'adam' as const, iterations: 1_000_000 }
  const ids: number[] = []
  for (const name of names) {
    const run = await callLab(page, 'runs.start', { datasetId: id, config, name, preset: null, tags: [] })
    ids.push(run.id)
  }
  await expect.poll(async () => (await callLab(page, 'runs.get', ids[0])).iterations).toBeGreaterThan(3)
  return ids
}

const statusOf = async (page: Page, id: number) => (await callLab(page, 'runs.get', id)).status

test('the queue pauses, continues, reorders by keyboard, and takes runs out', async () => {
  lab = await launchLab()
  const { page } = lab
  const [first, second, third] = await startRuns(page, 'edges h25', 'edges h50', 'edges h100')
  await page.getByRole('button', { name: 'Queue', exact: true }).click()
  const queue = page.getByRole('region', { name: 'Queue' })
  await queue.getByRole('button', { name: 'Pause edges h25' }).click()
  await expect(queue.getByRole('button', { name: 'Continue edges h25' })).toBeVisible()
  expect(await statusOf(page, first)).toBe('paused')
  const { iterations } = await callLab(page, 'runs.get', first)
  // What waits does not start: the processor was to be let go.
  expect(await statusOf(page, second)).toBe('queued')

  await queue.getByRole('button', { name: 'Move edges h100 up' }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await callLab(page, 'queue.get')).waiting).toEqual([third, second])
  await expect(queue.getByRole('listitem').nth(1)).toContainText('edges h100')
  await screenshot(page, 'queue-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, 'queue-dark')

  expect((await callLab(page, 'runs.get', first)).iterations).toBe(iterations)
  await queue.getByRole('button', { name: 'Continue edges h25' }).click()
  await expect
    .poll(async () => (await callLab(page, 'runs.get', first)).iterations)
    .toBeGreaterThan(iterations)
  await queue.getByRole('button', { name: 'Take edges h50 out of the queue' }).click()
  await expect.poll(() => statusOf(page, second)).toBe('stopped')
  const atATime = queue.getByRole('combobox', { name: 'Runs at a time' })
  await expect(atATime.getByRole('option', { selected: true })).toHaveText('Automatic (1)')
  await expect(queue.getByText(/^Automatic takes 1: /)).toBeVisible()
  await atATime.selectOption('2')
  await expect(queue.getByText(/^Your choice\. Automatic would take 1: /)).toBeVisible()
  await expect.poll(() => statusOf(page, third)).toBe('running')
  await queue.getByRole('button', { name: 'edges h25', exact: true }).click()

  // Where the rail stands for the sidebar, the queue is in it.
  await page.getByRole('button', { name: 'Queue', exact: true }).click()
  await expect(queue.getByRole('button', { name: 'Pause edges h100' })).toBeVisible()
  await screenshot(page, 'queue-rail-dark')
  await page.keyboard.press('Escape')
  await expect(queue).toBeHidden()

  // On the run's own page: P, Stop, Stop now.
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await page.keyboard.press('p')
  await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible()
  await screenshot(page, 'run-paused-dark')
  await page.keyboard.press('p')
  await expect.poll(() => statusOf(page, first)).toBe('running')
  await callLab(page, 'runs.stop', first, true)
  await expect(page.getByText('Stopped at')).toBeVisible()
  expect(await callLab(page, 'runs.get', first)).toMatchObject({ status: 'stopped', hasCheckpoint: true })
  expect(lab.errors).toEqual([])
})

test('closing can let runs go on in the background; a second start brings the window back', async () => {
  lab = await launchLab()
  const { page, app } = lab
  const [runId] = await startRuns(page, 'edges')
  await app.evaluate(({ dialog }) => {
    const seen = globalThis as { question?: Electron.MessageBoxOptions }
    dialog.showMessageBox = (async (_window: unknown, options: Electron.MessageBoxOptions) => {
      seen.question = options
      return { response: (options.buttons ?? []).indexOf('Go on in the background'), checkboxChecked: false }
    }) as typeof dialog.showMessageBox
  })
  const window = await app.browserWindow(page)
  await done(window.evaluate((window) => window.close()))
  await expect.poll(() => answered(() => window.evaluate((window) => window.isVisible()))).toBe(false)
  const question = await answered(() =>
    app.evaluate(() => (globalThis as { question?: Electron.MessageBoxOptions }).question),
  )
  expect(question?.detail).toContain('start Rho Lab again')
  const { iterations } = await callLab(page, 'runs.get', runId)
  await expect
    .poll(async () => (await callLab(page, 'runs.get', runId)).iterations)
    .toBeGreaterThan(iterations)

  const [command, ...args] = app.process().spawnargs
  const second = spawn(
    command,
    args.filter((arg) => !arg.startsWith('--inspect') && !arg.startsWith('--remote-debugging')),
    { stdio: 'ignore' },
  )
  await once(second, 'exit')
  await expect.poll(() => answered(() => window.evaluate((window) => window.isVisible()))).toBe(true)

  // Without a window, the lab ends with its last run.
  await done(window.evaluate((window) => window.close()))
  await expect.poll(() => answered(() => window.evaluate((window) => window.isVisible()))).toBe(false)
  const closed = app.waitForEvent('close')
  await callLab(page, 'runs.stop', runId)
  await closed
})
