import { expect, test, type Page } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { findFaults } from '../../scripts/torture/findFaults.ts'
import { callLab, onnxConfig, openRun } from './calls.ts'
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

const makeBars = async (page: Page): Promise<number> =>
  (await callLab(page, 'datasets.generate', 'bars', 'bars', { ...defaultSampling, patches: 2_000 })).id

/** A run that ends only when it is ended. */
async function startRun(page: Page, datasetId: number, name: string, hidden = 25): Promise<number> {
  const config = { ...onnxConfig, hidden, optimiser: 'adam' as const, iterations: 1_000_000 }
  return (await callLab(page, 'runs.start', { datasetId, config, name, preset: null, tags: [] })).id
}

/** Of the process that trains. */
const sessionPid = async (lab: LaunchedLab): Promise<number> =>
  (await lab.app.evaluate(
    ({ app }) => app.getAppMetrics().find(({ name }) => name?.includes('The session'))?.pid,
  ))!

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
  const runId = await startRun(lab.page, await makeBars(lab.page), 'edges')
  const batches = await batchesOf(lab.page, runId)
  const pid = await sessionPid(lab)
  const closed = lab.app.waitForEvent('close')
  lab.app.process().kill('SIGKILL')
  await closed
  // Nobody goes on training behind the library's back.
  await expect.poll(() => isAlive(pid)).toBe(false)
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

test('a session that gets no more memory: its run says how it ended and keeps its checkpoint, the queue goes on', async () => {
  test.skip(process.platform !== 'linux', 'Only Linux takes memory from another process, by prlimit.')
  lab = await open()
  const { page } = lab
  // A checkpoint of so many units takes megabytes, and soon: no memory that is left over will do.
  await callLab(page, 'settings.change', { checkpointSeconds: 5 })
  const datasetId = await makeBars(page)
  const starved = await startRun(page, datasetId, 'starved', 1_000)
  const next = await startRun(page, datasetId, 'next')
  const get = (id: number) => callLab(page, 'runs.get', id)
  await expect.poll(async () => (await get(starved)).iterations).toBeGreaterThan(3)
  // From here on every request of that process for memory is refused.
  execFileSync('prlimit', ['--pid', String(await sessionPid(lab)), '--as=1:'])
  await expect
    .poll(async () => (await get(starved)).status, { timeout: 60_000 })
    .toMatch(/^(interrupted|failed)$/)
  // A thread, an array or the heap: whatever was refused first. Native code that does not look crashes.
  expect(await get(starved)).toMatchObject({
    outcome: expect.stringMatching(/^(outOfMemory|crashed)$/),
    message: expect.stringMatching(/^The session (ran out of memory\. Take fewer|crashed)/),
    hasCheckpoint: true,
  })
  await expect.poll(async () => (await get(next)).iterations).toBeGreaterThan(3)
  await callLab(page, 'runs.stop', next)
  await expect.poll(async () => (await get(next)).status).toBe('stopped')
  await callLab(page, 'runs.resume', starved)
  await expect.poll(async () => (await get(starved)).status).toBe('running')
  await callLab(page, 'runs.stop', starved)
  await expect.poll(async () => (await get(starved)).status).toBe('stopped')
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
