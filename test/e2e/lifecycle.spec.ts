import { expect, test, type Page } from '@playwright/test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLibrary } from '#db/library.ts'
import { renameDataset } from '#db/queries/datasets.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import type { Reply } from '#shared/domain/labError.ts'
import type { Calls, Channel } from '#shared/ipc/contract.ts'
import { answered } from './dialogs.ts'
import { onnxConfig } from './calls.ts'
import { launchLab, type LaunchedLab } from './launch.ts'

let library: string
let lab: LaunchedLab
test.beforeEach(async () => {
  library = mkdtempSync(join(tmpdir(), 'rho-lab-library-'))
  lab = await launchLab({ library })
})
test.afterEach(async () => {
  await answer(0).catch(() => undefined)
  await lab.close()
  rmSync(library, { recursive: true, force: true })
})

async function send<C extends Channel>(page: Page, channel: C, ...args: Parameters<Calls[C]>) {
  const send = ([channel, args]: [string, unknown[]]) =>
    (window.lab.invoke as (channel: string, ...args: unknown[]) => Promise<unknown>)(channel, ...args)
  return (await page.evaluate(send, [channel, args] as [string, unknown[]])) as Reply<ReturnType<Calls[C]>>
}

async function call<C extends Channel>(
  channel: C,
  ...args: Parameters<Calls[C]>
): Promise<ReturnType<Calls[C]>> {
  const reply = await send(lab.page, channel, ...args)
  if (!reply.ok) throw new Error(`${channel}: ${reply.error.message}`)
  return reply.value
}

/** From now on the question whether to close is answered with that button. */
async function answer(button: number): Promise<void> {
  await lab.app.evaluate(({ dialog }, response) => {
    const seen = globalThis as { questions?: string[] }
    dialog.showMessageBox = (async (_window: unknown, { message }: { message: string }) => {
      seen.questions = [...(seen.questions ?? []), message]
      return { response, checkboxChecked: false }
    }) as typeof dialog.showMessageBox
  }, button)
}

const questions = () =>
  answered(() => lab.app.evaluate(() => (globalThis as { questions?: string[] }).questions ?? []))

/** The lab's one visible window; the others are hidden ones that look at the GPU. */
const labWindow = () => lab.app.browserWindow(lab.page)

const closeWindow = async () => (await labWindow()).evaluate((window) => window.close())

/** A run that ends only when it is ended, some iterations in. */
async function longRun(): Promise<number> {
  const dataset = await call('datasets.generate', 'bars', 'bars', { ...defaultSampling, patches: 2_000 })
  const config = { ...onnxConfig, optimiser: 'adam' as const, iterations: 1_000_000 }
  const run = await call('runs.start', {
    datasetId: dataset.id,
    config,
    name: 'long',
    preset: null,
    tags: [],
  })
  await expect.poll(async () => (await call('runs.get', run.id)).iterations).toBeGreaterThan(3)
  return run.id
}

test('closing in mid-run asks; Cancel trains on, Stop and close keeps a checkpoint to resume from', async () => {
  const runId = await longRun()
  await answer(2)
  await closeWindow()
  await expect.poll(questions).toEqual(['1 run is still training.'])
  const { iterations } = await call('runs.get', runId)
  await expect.poll(async () => (await call('runs.get', runId)).iterations).toBeGreaterThan(iterations)

  await answer(0)
  const closed = lab.app.waitForEvent('close')
  await closeWindow()
  await closed
  await lab.close()

  lab = await launchLab({ library })
  const stopped = await call('runs.get', runId)
  expect(stopped).toMatchObject({ status: 'stopped', hasCheckpoint: true })
  expect(stopped.iterations).toBeGreaterThan(iterations)
  await call('runs.resume', runId)
  await expect
    .poll(async () => (await call('runs.get', runId)).iterations)
    .toBeGreaterThan(stopped.iterations)
})

test('a signal to end stops runs with a checkpoint and asks nobody', async () => {
  const runId = await longRun()
  const closed = lab.app.waitForEvent('close')
  lab.app.process().kill('SIGTERM')
  await closed
  await lab.close()
  lab = await launchLab({ library })
  expect(await call('runs.get', runId)).toMatchObject({ status: 'stopped', hasCheckpoint: true })
})

test('without a run it closes without a question', async () => {
  await answer(1)
  const closed = lab.app.waitForEvent('close')
  await closeWindow()
  await closed
})

test('a session that is killed leaves the lab and says how it ended', async () => {
  const runId = await longRun()
  const pid = await lab.app.evaluate(
    ({ app }) => app.getAppMetrics().find(({ name }) => name?.includes('The session'))?.pid,
  )
  process.kill(pid ?? 0, 'SIGKILL')
  await expect.poll(async () => (await call('runs.get', runId)).status).toBe('interrupted')
  expect((await call('runs.get', runId)).message).toContain('The session was killed')
})

test('the window is told what another process writes', async () => {
  const { id } = await call('datasets.generate', 'bars', 'bars', { ...defaultSampling, patches: 100 })
  const told = lab.page.evaluate(
    () =>
      new Promise((resolve) => {
        // What the window itself has just done is told within a quarter of a second.
        setTimeout(() => window.lab.on('library.changed', resolve), 600)
      }),
  )
  await lab.page.waitForTimeout(1_200)
  const other = openLibrary(library)
  renameDataset(other, id, 'renamed elsewhere')
  other.close()
  expect(await told).toEqual({ runs: true, datasets: true })
  expect(await call('datasets.list')).toMatchObject([{ name: 'renamed elsewhere' }])
})

test('a live run arrives on a port of its own', async () => {
  const runId = await longRun()
  const messages = await lab.page.evaluate(
    (runId) =>
      new Promise<string[]>((resolve) => {
        const types = new Set<string>()
        window.addEventListener('message', ({ data, ports, origin }) => {
          if (data.type !== 'livePort' || data.runId !== runId || origin !== 'rho-lab://app') return
          ports[0].addEventListener('message', ({ data }) => {
            types.add(data.type)
            if (types.size === 2) resolve([...types].toSorted())
          })
          ports[0].start()
        })
        void window.lab.invoke('live.watch', runId)
      }),
    runId,
  )
  expect(messages).toEqual(['iterations', 'weights'])
})

test('one import at a time, which can be cancelled and then leaves nothing', async () => {
  const progress = lab.page.evaluate(
    () => new Promise<string>((resolve) => window.lab.on('datasets.progress', ({ stage }) => resolve(stage))),
  )
  const sampling = { ...defaultSampling, patches: 1_000_000 }
  const first = send(lab.page, 'datasets.generate', 'natural', 'large', sampling)
  expect(await progress).toBeTruthy()
  expect(await send(lab.page, 'datasets.generate', 'bars', 'bars', sampling)).toMatchObject({
    ok: false,
    error: { code: 'conflict' },
  })
  expect(await call('datasets.cancel')).toBe(true)
  expect(await first).toMatchObject({ ok: false, error: { code: 'stopped' } })
  expect(await call('datasets.list')).toEqual([])
  expect(await call('datasets.cancel')).toBe(false)
})

test('a second start on the same library shows the first window instead', async () => {
  await (await labWindow()).evaluate((window) => window.hide())
  const [command, ...args] = lab.app.process().spawnargs
  const second = spawn(
    command,
    args.filter(
      (argument) => !argument.startsWith('--inspect') && !argument.startsWith('--remote-debugging'),
    ),
    { stdio: 'ignore' },
  )
  const [exitCode] = (await once(second, 'exit')) as [number | null]
  expect(exitCode).toBe(0)
  await expect.poll(async () => (await labWindow()).evaluate((window) => window.isVisible())).toBe(true)
})
