import { expect, test, type Page } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { findFaults } from '../../scripts/torture/findFaults.ts'
import { callLab, openRun } from './calls.ts'
import { launchLab, screenshot, type LaunchedLab } from './launch.ts'

let scratch: string
let lab: LaunchedLab | undefined
test.beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'rho-lab-killed-'))
})
test.afterEach(async () => {
  await lab?.close()
  rmSync(scratch, { recursive: true, force: true })
})

/** The same library and the same profile each time, as a user has them. */
const open = () => launchLab({ library: join(scratch, 'library'), profile: join(scratch, 'profile') })

/** A run that ends only when it is ended. */
async function startRun(page: Page): Promise<number> {
  const sampling = { ...defaultSampling, patches: 2_000 }
  const { id: datasetId } = await callLab(page, 'datasets.generate', 'bars', 'bars', sampling)
  const config = { ...defaultConfig, optimiser: 'adam' as const, iterations: 1_000_000 }
  const run = { datasetId, config, name: 'edges', preset: null, tags: [] }
  return (await callLab(page, 'runs.start', run)).id
}

/** Watches a run. @returns the last iteration of each batch that its session has sent, when there are some */
async function batchesOf(page: Page, runId: number): Promise<number[]> {
  return page.evaluate(
    (runId) =>
      new Promise<number[]>((resolve) => {
        const ends: number[] = []
        window.addEventListener('message', ({ data, ports, origin }) => {
          if (data.type !== 'livePort' || data.runId !== runId || origin !== 'rho-lab://app') return
          ports[0].addEventListener('message', ({ data }) => {
            if (data.type !== 'iterations') return
            ends.push(data.records.at(-1).iteration)
            if (ends.length === 12) resolve(ends)
          })
          ports[0].start()
        })
        void window.lab.invoke('live.watch', runId)
      }),
    runId,
  )
}

test('main killed in mid-training loses a batch at most: the window opens, says what happened, and goes on', async () => {
  lab = await open()
  const runId = await startRun(lab.page)
  const sessionPid = await lab.app.evaluate(
    ({ app }) => app.getAppMetrics().find(({ name }) => name?.includes('The session'))?.pid,
  )
  const batches = await batchesOf(lab.page, runId)
  const closed = lab.app.waitForEvent('close')
  lab.app.process().kill('SIGKILL')
  await closed
  // Nobody goes on training behind the library's back.
  await expect.poll(() => isAlive(sessionPid!)).toBe(false)
  await lab.close()

  lab = await open()
  const { page } = lab
  const left = await callLab(page, 'runs.get', runId)
  expect(left).toMatchObject({ status: 'interrupted', hasCheckpoint: true })
  expect(left.iterations).toBeGreaterThanOrEqual(batches.at(-2)!)
  await openRun(page, 'edges')
  await page.getByText('The process that trained it is gone.').waitFor()
  await screenshot(page, 'run-killed-light')
  await page.getByRole('button', { name: 'Resume' }).first().click()
  await expect
    .poll(async () => (await callLab(page, 'runs.get', runId)).iterations)
    .toBeGreaterThan(left.iterations)
  await callLab(page, 'runs.stop', runId)
  await expect.poll(async () => (await callLab(page, 'runs.get', runId)).status).toBe('stopped')
  expect(lab.errors).toEqual([])
  await lab.close()
  lab = undefined
  expect(findFaults(join(scratch, 'library'))).toEqual([])
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
