import { _electron, type Page } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { repository } from '../../scripts/buildIfStale.ts'
import { longCurve, manyUnits } from '../../scripts/makeLargeLibrary.ts'
import { stageWindow } from '../../scripts/testWindow.ts'
import { measureClick, measureFrames, measureOpening, noteOpening, type Frames } from './windowTimes.ts'

// How the window does with a large library: `node test/bench/measureWindow.ts FOLDER`.

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]

const say = (what: string, ms: number): void =>
  void process.stdout.write(`${what.padEnd(56)} ${ms.toFixed(ms < 10 ? 1 : 0).padStart(6)} ms\n`)

function sayFrames(what: string, { median, longest, work }: Frames): void {
  say(`${what}: work of the main thread a step`, work)
  say(`${what}: a frame, median`, median)
  say(`${what}: a frame, longest`, longest)
}

async function measureTable(page: Page, rounds: number): Promise<void> {
  const openings = []
  for (let round = 0; round < rounds; round++) openings.push(await measureOpening(page))
  say('page loaded', median(openings.map(({ loaded }) => loaded)))
  say('first rows painted, after that', median(openings.map(({ firstRows, loaded }) => firstRows - loaded)))
  say('all runs there, after that', median(openings.map(({ complete, loaded }) => complete - loaded)))

  const visits: number[] = []
  const sorts: number[] = []
  for (let round = 0; round < rounds; round++) {
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Datasets' }).click()
    await page.getByRole('heading', { name: 'Datasets', level: 1 }).waitFor()
    visits.push(await measureClick(page, 'nav .place:nth-of-type(2)', '[role=row] canvas'))
    const order = round % 2 === 0 ? 'ascending' : 'descending'
    sorts.push(await measureClick(page, '[role=columnheader].cost button', `.cost[aria-sort=${order}]`))
  }
  say('runs opened from datasets', median(visits))
  say('sorted by cost', median(sorts))

  const changes = await page.evaluate(async () => {
    const listed = await window.lab.invoke('runs.page', null)
    if (!listed.ok) throw new Error(listed.error.message)
    await window.lab.invoke('runs.setNotes', 1, `noted ${Date.now()}`)
    const startedAt = performance.now()
    await window.lab.invoke('runs.changes', listed.value.revision)
    return performance.now() - startedAt
  })
  say('the changes of one run', changes)

  const scrolling = await measureFrames(page, 120, () =>
    page.evaluate(async () => {
      const table = document.querySelector('[role=grid]')!
      for (let step = 0; step < 120; step++) {
        table.scrollTop += 400
        await new Promise(requestAnimationFrame)
      }
    }),
  )
  sayFrames('scrolling by seven rows', scrolling)

  const live = await measureFrames(page, 8, () =>
    page.evaluate(async () => {
      for (let step = 0; step < 8; step++) {
        await window.lab.invoke('runs.setNotes', 1, `live ${step}`)
        await new Promise((done) => setTimeout(done, 500))
      }
    }),
  )
  sayFrames('a run of the list changes', live)
}

/** Opens a run by its name; it is the only one of it. @returns ms until its filters are there */
async function openRun(page: Page, name: string): Promise<number> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Runs' }).click()
  await page.getByRole('search').getByRole('textbox').fill(`"${name}"`)
  await page.getByRole('row').filter({ hasText: name }).waitFor()
  await page.waitForFunction(() => document.querySelectorAll('[role=rowgroup] [role=row]').length === 1)
  return measureClick(page, '[role=rowgroup] [role=row]', '[role=slider]')
}

/** Keys that the page presses, one a frame, on what `selector` finds. */
async function pressKeys(page: Page, selector: string, keys: readonly string[]): Promise<void> {
  await page.evaluate(
    async ([selector, keys]) => {
      for (const key of keys) {
        document
          .querySelector(selector)!
          .dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
        await new Promise(requestAnimationFrame)
      }
    },
    [selector, keys] as const,
  )
}

const repeated = (key: string, count: number): string[] => Array.from({ length: count }, () => key)

async function measureRuns(page: Page): Promise<void> {
  say('a run of 400 units opened', await openRun(page, manyUnits))
  const backAndForth = [...repeated('ArrowLeft', 40), ...repeated('ArrowRight', 40)]
  // Read once, snapshots are kept: what is scrubbed here has been seen.
  for (const key of ['ArrowLeft', 'ArrowRight']) {
    for (let step = 0; step < 42; step++) {
      await pressKeys(page, '[role=slider]', [key])
      await page.waitForTimeout(20)
    }
  }
  const keys = [...backAndForth, ...backAndForth, ...backAndForth]
  const scrubbing = await measureFrames(page, keys.length, () => pressKeys(page, '[role=slider]', keys))
  sayFrames('scrubbing 400 filters', scrubbing)

  say('a run of 100,000 iterations opened', await openRun(page, longCurve))
  await page.waitForTimeout(1000)
  const zooms = [...repeated('+', 5), ...repeated('-', 5)]
  const drawing = await measureFrames(page, 30, () =>
    pressKeys(page, '.chart canvas', [...zooms, ...zooms, ...zooms]),
  )
  sayFrames('cost and ρ̂ of 100,000 iterations drawn', drawing)
}

async function measure(folder: string, rounds: number, env: NodeJS.ProcessEnv): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'rho-lab-measure-'))
  const app = await _electron.launch({
    executablePath: env['RHO_LAB_ELECTRON'],
    env: env as Record<string, string>,
    args: [repository, `--user-data-dir=${profile}`, `--library=${folder}`, '--window-size=1440x900'],
  })
  try {
    const page = await app.firstWindow()
    await page.context().addInitScript(noteOpening)
    await measureTable(page, rounds)
    await measureRuns(page)
  } finally {
    await app.close()
    rmSync(profile, { recursive: true, force: true })
  }
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
})
if (positionals.length !== 1) throw new Error('Usage: node test/bench/measureWindow.ts FOLDER [--rounds 5]')
const stage = await stageWindow()
if (typeof stage === 'number') process.exitCode = stage
else {
  try {
    await measure(resolve(positionals[0]), Number(values.rounds), stage.env)
  } finally {
    await stage.dismantle()
  }
}
