import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClosing } from '#main/app/closing.ts'

/** A lab with work to do, whose user answers when told to. */
function lab(work: { runs: number; importing: boolean }) {
  const seen = { asked: 0, stopped: 0, quit: 0, letThrough: 0, prevented: 0 }
  let answer: (agreed: boolean) => void = () => {}
  let stopped: () => void = () => {}
  const closing = createClosing({
    busy: () => work,
    ask: () => {
      seen.asked++
      return new Promise((resolve) => (answer = resolve))
    },
    stop: () => {
      seen.stopped++
      return new Promise((resolve) => (stopped = resolve))
    },
    quit: () => {
      seen.quit++
      request() // As Electron does: quitting closes the window, which asks again.
    },
  })
  const request = () => {
    let prevented = false
    closing.request({ preventDefault: () => (prevented = true) })
    if (prevented) seen.prevented++
    else seen.letThrough++
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    seen,
    request,
    now: () => closing.now(),
    answer: (yes: boolean) => answer(yes),
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
    expect(seen).toEqual({ asked: 0, stopped: 1, quit: 1, prevented: 1, letThrough: 1 })
  })

  test.each([
    { runs: 1, importing: false },
    { runs: 0, importing: true },
  ])('with %j asks; Cancel leaves everything as it was', async (work) => {
    const { seen, request, answer, settle } = lab(work)
    request()
    answer(false)
    await settle()
    expect(seen).toEqual({ asked: 1, stopped: 0, quit: 0, prevented: 1, letThrough: 0 })
    request()
    expect(seen.asked).toBe(2)
  })

  test('with a run under way does not quit before the checkpoint is written', async () => {
    const { seen, request, answer, stopped, settle } = lab({ runs: 1, importing: false })
    request()
    answer(true)
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
    answer(false)
    await settle()
    expect(seen).toMatchObject({ asked: 1, stopped: 1, quit: 1 })
  })
})

test('a failure to stop does not keep the lab open for ever', async () => {
  let quit = 0
  const closing = createClosing({
    busy: () => ({ runs: 1, importing: false }),
    ask: () => Promise.resolve(true),
    stop: () => Promise.reject(new Error('disk full')),
    quit: () => quit++,
  })
  await closing.now().catch(() => undefined)
  expect(quit).toBe(1)
})

test('whatever comes in whatever order, work is stopped once at most and nothing closes before', async () => {
  type Step = 'request' | 'now' | 'yes' | 'no' | 'stopped'
  const steps = fc.array(fc.constantFrom<Step>('request', 'now', 'yes', 'no', 'stopped'), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const { seen, request, now, answer, stopped, settle } = lab({ runs: 1, importing: false })
      let isStopped = false
      for (const step of steps) {
        if (step === 'request') request()
        else if (step === 'now') void now()
        else if (step === 'stopped') {
          isStopped ||= seen.stopped > 0
          stopped()
        } else answer(step === 'yes')
        await settle()
        expect(seen.stopped).toBeLessThanOrEqual(1)
        expect(seen.quit).toBe(isStopped ? 1 : 0)
        if (!isStopped) expect(seen.letThrough).toBe(0)
      }
    }),
  )
})
