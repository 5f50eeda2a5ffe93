import { expect, test } from 'vitest'
import { createEndNotices, type Notice } from '#main/app/endNotices.ts'
import type { RunStatus } from '#shared/domain/run.ts'

/** A run that was active, with what the system was asked to show. */
function setUp({ elapsedMs = 61_000, isInFront = false, status = 'finished' as RunStatus } = {}) {
  const shown: (Notice & { runId: number })[] = []
  let active = [7]
  const run = { name: 'edges', status, iterations: 400, cost: 0.21, elapsedMs, message: null }
  const notices = createEndNotices({
    active: () => active,
    getRun: () => run,
    isInFront: () => isInFront,
    show: (notice, runId) => shown.push({ ...notice, runId }),
  })
  notices.look(7)
  const end = () => {
    active = []
    notices.look(7)
  }
  return { shown, notices, end }
}

test('a long run that ends while one is elsewhere is told of, once', () => {
  const { shown, notices, end } = setUp()
  expect(shown).toEqual([])
  end()
  notices.look(7)
  expect(shown).toEqual([
    { title: '“edges” finished', body: 'Cost 0.2100 after 400 iterations in 1 minute', runId: 7 },
  ])
})

test('a run that fails says so', () => {
  const { shown, end } = setUp({ status: 'failed' })
  end()
  expect(shown[0].title).toBe('“edges” failed')
})

test.each([
  ['is short', { elapsedMs: 59_000 }],
  ['ends before one’s eyes', { isInFront: true }],
])('a run that %s is not told of', (_, options) => {
  const { shown, end } = setUp(options)
  end()
  expect(shown).toEqual([])
})

test('runs that closing stops are not told of', () => {
  const { shown, notices, end } = setUp()
  notices.close()
  end()
  expect(shown).toEqual([])
})
