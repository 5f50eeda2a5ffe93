import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClosing, type ClosingAnswer } from '#main/app/closing.ts'

/** A lab with work to do, whose user answers when told to. */
function lab(work: { runs: number; importing: boolean }, keepsTraining = false) {
  const seen = { asked: 0, stopped: 0, quit: 0, letThrough: 0, prevented: 0, hidden: 0 }
  let answer: (answer: ClosingAnswer) => void = () => {}
  let stopped: () => void = () => {}
  const closing = createClosing({
    busy: () => work,
    ask: () => {
      seen.asked++
      return new Promise((resolve) => (answer = resolve))
    },
    keepsTraining: () => keepsTraining,
    hide: () => void seen.hidden++,
    isInBackground: () => seen.hidden > 0,
    stop: () => {
      seen.stopped++
      return new Promise((resolve) => (stopped = resolve))
    },
    quit: () => {
      seen.quit++
      quitApp() // As Electron does: quitting closes the window, which asks again.
    },
  })
  const counted = (close: (event: { preventDefault(): void }) => void) => () => {
    let prevented = false
    close({ preventDefault: () => (prevented = true) })
    if (prevented) seen.prevented++
    else seen.letThrough++
  }
  const request = counted(closing.closeWindow)
  const quitApp = counted(closing.quitApp)
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    seen,
    request,
    quitApp,
    workChanged: () => closing.workChanged(),
    now: () => closing.now(),
    answer: (given: ClosingAnswer) => answer(given),
    stopped: () => stopped(),
    settle,
  }
}

describe('closing the window', () => {
  test('with nothing under way stops what there is and quits, without a question', async () => {
    const { seen, request, stopped, settle } = lab({ runs: 0, importing: false })
    request()
    stopped()
    await settle()
    expect(seen).toEqual({ asked: 0, stopped: 1, quit: 1, prevented: 1, letThrough: 1, hidden: 0 })
  })

  test.each([
    { runs: 1, importing: false },
    { runs: 0, importing: true },
  ])('with %j asks; Cancel leaves everything as it was', async (work) => {
    const { seen, request, answer, settle } = lab(work)
    request()
    answer('cancel')
    await settle()
    expect(seen).toEqual({ asked: 1, stopped: 0, quit: 0, prevented: 1, letThrough: 0, hidden: 0 })
    request()
    expect(seen.asked).toBe(2)
  })

  test('with a run under way does not quit before the checkpoint is written', async () => {
    const { seen, request, answer, stopped, settle } = lab({ runs: 1, importing: false })
    request()
    answer('stop')
    await settle()
    request()
    expect(seen).toMatchObject({ asked: 1, stopped: 1, quit: 0, letThrough: 0 })
    stopped()
    await settle()
    expect(seen).toMatchObject({ quit: 1, letThrough: 1 })
  })

  test('asks once, however often it is tried', async () => {
    const { seen, request } = lab({ runs: 2, importing: false })
    request()
    request()
    request()
    expect(seen).toMatchObject({ asked: 1, prevented: 3 })
  })
})

describe('going on in the background', () => {
  test('hides the window; the lab ends with the last run, and not before', async () => {
    const work = { runs: 2, importing: false }
    const { seen, request, answer, workChanged, stopped, settle } = lab(work)
    request()
    answer('goOn')
    await settle()
    work.runs = 1
    workChanged()
    expect(seen).toMatchObject({ asked: 1, hidden: 1, stopped: 0, letThrough: 0 })
    work.runs = 0
    workChanged()
    stopped()
    await settle()
    expect(seen).toMatchObject({ stopped: 1, quit: 1 })
  })

  test('needs no question where it was set so; quitting asks all the same', () => {
    const { seen, request, quitApp } = lab({ runs: 1, importing: false }, true)
    request()
    expect(seen).toMatchObject({ asked: 0, hidden: 1, prevented: 1 })
    quitApp()
    expect(seen).toMatchObject({ asked: 1, hidden: 1 })
  })

  test('a window that is there stays when the last run ends', () => {
    const work = { runs: 1, importing: false }
    const { seen, workChanged } = lab(work)
    work.runs = 0
    workChanged()
    expect(seen).toMatchObject({ stopped: 0, quit: 0 })
  })

  test('an import alone is no reason to stay', () => {
    const { seen, request } = lab({ runs: 0, importing: true }, true)
    request()
    expect(seen).toMatchObject({ asked: 1, hidden: 0 })
  })
})

describe('when the system ends the lab', () => {
  test('runs are stopped with a checkpoint and nobody is asked', async () => {
    const { seen, now, stopped, settle } = lab({ runs: 1, importing: true })
    void now()
    stopped()
    await settle()
    expect(seen).toMatchObject({ asked: 0, stopped: 1, quit: 1 })
  })

  test('an open question does not hold it up', async () => {
    const { seen, request, now, answer, stopped, settle } = lab({ runs: 1, importing: false })
    request()
    void now()
    stopped()
    await settle()
    answer('cancel')
    await settle()
    expect(seen).toMatchObject({ asked: 1, stopped: 1, quit: 1 })
  })
})

test('a failure to stop does not keep the lab open for ever', async () => {
  let quit = 0
  const closing = createClosing({
    busy: () => ({ runs: 1, importing: false }),
    ask: () => Promise.resolve('stop' as const),
    keepsTraining: () => false,
    hide: () => {},
    isInBackground: () => false,
    stop: () => Promise.reject(new Error('disk full')),
    quit: () => quit++,
  })
  await closing.now().catch(() => undefined)
  expect(quit).toBe(1)
})

test('whatever comes in whatever order, work is stopped once at most and nothing closes before', async () => {
  type Step = 'request' | 'quitApp' | 'now' | 'stopped' | 'work' | ClosingAnswer
  const steps = fc.array(
    fc.constantFrom<Step>('request', 'quitApp', 'now', 'stopped', 'work', 'stop', 'goOn', 'cancel'),
    { maxLength: 30 },
  )
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const { seen, request, quitApp, workChanged, now, answer, stopped, settle } = lab({
        runs: 1,
        importing: false,
      })
      let isStopped = false
      for (const step of steps) {
        if (step === 'request') request()
        else if (step === 'quitApp') quitApp()
        else if (step === 'work') workChanged()
        else if (step === 'now') void now()
        else if (step === 'stopped') {
          isStopped ||= seen.stopped > 0
          stopped()
        } else answer(step)
        await settle()
        expect(seen.stopped).toBeLessThanOrEqual(1)
        expect(seen.quit).toBe(isStopped ? 1 : 0)
        if (!isStopped) expect(seen.letThrough).toBe(0)
      }
    }),
  )
})
