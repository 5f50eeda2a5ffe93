import { _electron, type Page } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { repository } from '../../scripts/buildIfStale.ts'
import { stageWindow } from '../../scripts/testWindow.ts'

// How the window does with a large library: `node test/bench/measureWindow.ts FOLDER`.

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]

/** Times in ms since the page's navigation, noted by the page itself. */
interface Opening {
  firstRows: number
  complete: number
}

/** In the page, before its own code: notes when rows are there, and when the count of all runs is. */
function noteOpening(): void {
  const times: Partial<Opening> = {}
  Object.assign(window, { opening: times })
  const look = (): void => {
    if (times.firstRows === undefined && document.querySelector('[role=row] canvas'))
      times.firstRows = performance.now()
    if (times.complete === undefined && /\d/.test(document.querySelector('header .count')?.textContent ?? ''))
      times.complete = performance.now()
    if (times.complete === undefined) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

async function measureOpening(page: Page): Promise<Opening & { script: number }> {
  await page.reload()
  await page.waitForFunction(() => 'complete' in (window as unknown as { opening: Opening }).opening)
  return page.evaluate(() => {
    const { opening } = window as unknown as { opening: Opening }
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    return { ...opening, script: navigation.domContentLoadedEventEnd }
  })
}

/** ms from a click until what it asks for has been painted. */
function measureClick(page: Page, click: string, awaited: string): Promise<number> {
  return page.evaluate(
    ([click, awaited]) =>
      new Promise<number>((done) => {
        const startedAt = performance.now()
        document.querySelector<HTMLElement>(click)!.click()
        const look = (): void => {
          if (document.querySelector(awaited))
            requestAnimationFrame(() => done(performance.now() - startedAt))
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
    [click, awaited],
  )
}

/** The longest time between two frames while something goes on, and the median. */
async function measureFrames(
  page: Page,
  work: () => Promise<void>,
): Promise<{ median: number; longest: number }> {
  await page.evaluate(() => {
    const frames: number[] = []
    Object.assign(window, { frames })
    let last = performance.now()
    const note = (): void => {
      const now = performance.now()
      frames.push(now - last)
      last = now
      requestAnimationFrame(note)
    }
    requestAnimationFrame(note)
  })
  await work()
  const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames)
  return { median: median(frames), longest: Math.max(...frames) }
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
    const openings: (Opening & { script: number })[] = []
    for (let round = 0; round < rounds; round++) openings.push(await measureOpening(page))
    const of = (key: keyof Opening | 'script'): number => median(openings.map((opening) => opening[key]))
    say('page loaded', of('script'))
    say('first rows on screen, after that', of('firstRows') - of('script'))
    say('all runs there, after that', of('complete') - of('script'))

    const visits: number[] = []
    const sorts: number[] = []
    for (let round = 0; round < rounds; round++) {
      await page.getByRole('button', { name: 'Datasets' }).first().click()
      await page.getByRole('heading', { name: 'Datasets' }).waitFor()
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

    const scrolling = await measureFrames(page, () =>
      page.evaluate(async () => {
        const table = document.querySelector('[role=grid]')!
        for (let step = 0; step < 120; step++) {
          table.scrollTop += 400
          await new Promise(requestAnimationFrame)
        }
      }),
    )
    say('a frame while scrolling, median', scrolling.median)
    say('the longest', scrolling.longest)

    const live = await measureFrames(page, () =>
      page.evaluate(async () => {
        for (let step = 0; step < 8; step++) {
          await window.lab.invoke('runs.setNotes', 1, `live ${step}`)
          await new Promise((done) => setTimeout(done, 500))
        }
      }),
    )
    say('the longest frame while a run changes', live.longest)
  } finally {
    await app.close()
    rmSync(profile, { recursive: true, force: true })
  }
}

const say = (what: string, ms: number): void =>
  void process.stdout.write(`${what.padEnd(40)} ${ms.toFixed(0)} ms\n`)

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
