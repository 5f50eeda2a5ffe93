import type { Page } from '@playwright/test'

/** Times in ms since the page's navigation, noted by the page itself. */
interface Opening {
  firstRows: number
  complete: number
}

/** In the page, before its own code: notes when rows are there, and when the count of all runs is. */
export function noteOpening(): void {
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

/** Loads the page anew. @returns also when its own code had been read, in ms */
export async function measureOpening(page: Page): Promise<Opening & { loaded: number }> {
  await page.reload()
  await page.waitForFunction(() => 'complete' in (window as unknown as { opening: Opening }).opening)
  return page.evaluate(() => {
    const { opening } = window as unknown as { opening: Opening }
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    return { ...opening, loaded: navigation.domContentLoadedEventEnd }
  })
}

/** ms from a click until what it asks for has been painted. */
export function measureClick(page: Page, click: string, awaited: string): Promise<number> {
  return page.evaluate(
    ([click, awaited]) =>
      new Promise<number>((done, fail) => {
        const clicked = document.querySelector<HTMLElement>(click)
        if (clicked === null) return fail(new Error(`Nothing to click: ${click}`))
        const startedAt = performance.now()
        clicked.click()
        const look = (): void => {
          if (document.querySelector(awaited))
            requestAnimationFrame(() => done(performance.now() - startedAt))
          else requestAnimationFrame(look)
        }
        look()
      }),
    [click, awaited],
  )
}

export interface Frames {
  median: number
  longest: number
  /** What the main thread did for a step (script, style, layout, paint), however long its frame took. */
  work: number
}

/** Frames, in ms from one to the next, while something goes on in a page. @param steps  that it takes */
export async function measureFrames(page: Page, steps: number, work: () => Promise<void>): Promise<Frames> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  const busyMs = async (): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN)
  }
  await page.evaluate(() => {
    const frames: number[] = []
    Object.assign(window, { frames })
    let last = performance.now()
    const note = (): void => {
      const now = performance.now()
      frames.push(now - last)
      last = now
      if ((window as unknown as { frames: unknown }).frames === frames) requestAnimationFrame(note)
    }
    requestAnimationFrame(note)
  })
  const before = await busyMs()
  await work()
  const after = await busyMs()
  const frames = await page.evaluate(() => {
    const { frames } = window as unknown as { frames: number[] }
    Object.assign(window, { frames: null })
    return frames.toSorted((a, b) => a - b)
  })
  await devtools.detach()
  return {
    median: frames[frames.length >> 1],
    longest: frames[frames.length - 1],
    work: (after - before) / steps,
  }
}
