import type { Page } from '@playwright/test'
import type { RunDetail, RunSummary } from '#shared/domain/run.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import type { Calls, Channel } from '#shared/ipc/contract.ts'
import type { RunPage } from '#shared/ipc/payloads.ts'
import { unpackRuns } from '#shared/ipc/packedRuns.ts'

/**
 * What small runs of these tests are set to, whatever they are about but the engine: the reference has nothing to load or
 * to measure before it starts.
 */
export const smallConfig: RunConfig = { ...defaultConfig, engine: 'reference' }

/** The same for runs of more patches or iterations, which it would be slow at. */
export const onnxConfig: RunConfig = { ...defaultConfig, engine: 'onnx' }

/** A typed array as it comes out of a page. */
type Plain<T> = T extends Float32Array | Float64Array | Int32Array
  ? number[]
  : T extends object
    ? { [K in keyof T]: Plain<T[K]> }
    : T

/** Calls main over the window's own bridge. @throws with main's message */
export async function callLab<C extends Channel>(
  page: Page,
  channel: C,
  ...args: Parameters<Calls[C]>
): Promise<Plain<ReturnType<Calls[C]>>> {
  const value = await page.evaluate(
    async ([channel, args]: [string, unknown[]]) => {
      const invoke = window.lab.invoke as unknown as (
        channel: string,
        ...args: unknown[]
      ) => Promise<{ ok: true; value: unknown } | { ok: false; error: { message: string } }>
      const reply = await invoke(channel, ...args)
      if (!reply.ok) throw new Error(`${channel}: ${reply.error.message}`)
      const plain = (value: unknown): unknown => {
        if (ArrayBuffer.isView(value)) return [...(value as Float32Array)]
        if (Array.isArray(value)) return value.map(plain)
        if (typeof value !== 'object' || value === null) return value
        return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]))
      }
      return plain(reply.value)
    },
    [channel, args] as [string, unknown[]],
  )
  return value as Plain<ReturnType<Calls[C]>>
}

/** All runs of the library, newest first, as the window asks for them. */
export async function listRuns(page: Page): Promise<RunSummary[]> {
  const runs: RunSummary[] = []
  let next: number | null = null
  do {
    const shown: RunPage = await callLab(page, 'runs.page', next)
    runs.push(...unpackRuns(shown.rows))
    next = shown.next
  } while (next !== null)
  return runs
}

/** Waits until a run has ended, and returns it. */
export async function endOf(page: Page, runId: number): Promise<Plain<RunDetail>> {
  for (;;) {
    const run = await callLab(page, 'runs.get', runId)
    if (run.status !== 'running' && run.status !== 'queued') return run
    await page.waitForTimeout(100)
  }
}

/** Takes everything out of the library, whatever trains. */
export async function emptyLibrary(page: Page): Promise<void> {
  const runs = await listRuns(page)
  for (const { id, status } of runs) {
    if (status === 'running' || status === 'queued' || status === 'paused') {
      await callLab(page, 'runs.stop', id, true)
      await endOf(page, id)
    }
  }
  await callLab(
    page,
    'runs.remove',
    runs.map(({ id }) => id),
  )
  for (const { id } of await callLab(page, 'datasets.list')) await callLab(page, 'datasets.remove', id)
}

/** Opens a run's page from the table, as a person does. */
export async function openRun(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^Runs/ }).first().click()
  await page.getByRole('grid', { name: 'Runs' }).getByText(name, { exact: true }).dblclick()
  await page.getByRole('heading', { name }).waitFor()
}
