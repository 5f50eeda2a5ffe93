import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { followLibrary } from '#main/app/follow.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function library() {
  const state = {
    counter: 7,
    silent: 0,
    changes: 0,
    failures: 0,
    broken: false,
    absence: null as string | null,
  }
  const told: (string | null)[] = []
  const stop = followLibrary({
    changeCounter: () => {
      if (state.broken) throw new Error('busy')
      return state.counter
    },
    markInterrupted: () => state.silent,
    changed: () => state.changes++,
    absence: () => state.absence,
    absent: (message) => told.push(message),
    failed: () => state.failures++,
  })
  return { state, told, stop }
}

test('what another process writes is told within half a second, once', () => {
  const { state, stop } = library()
  vi.advanceTimersByTime(2_000)
  expect(state.changes).toBe(0)
  state.counter++
  vi.advanceTimersByTime(500)
  expect(state.changes).toBe(1)
  vi.advanceTimersByTime(2_000)
  expect(state.changes).toBe(1)
  stop()
})

test('a run whose process is gone is told at the start and every five seconds', () => {
  const { state, stop } = library()
  state.silent = 1
  vi.advanceTimersByTime(5_000)
  expect(state.changes).toBe(1)
  stop()
})

test('a library that has gone is told once, marks nothing, and is read anew when it is back', () => {
  const { state, told, stop } = library()
  state.absence = 'It is not there.'
  state.silent = 1
  const before = state.changes
  vi.advanceTimersByTime(10_500)
  expect([told, state.changes]).toEqual([['It is not there.'], before])
  state.silent = 0
  state.absence = null
  vi.advanceTimersByTime(500)
  expect([told, state.changes]).toEqual([['It is not there.', null], before + 1])
  stop()
})

test('a library that cannot be read now is looked at again', () => {
  const { state, stop } = library()
  state.broken = true
  vi.advanceTimersByTime(1_000)
  expect(state.failures).toBe(2)
  state.broken = false
  state.counter++
  vi.advanceTimersByTime(500)
  expect(state.changes).toBe(1)
  stop()
})

test('after the end nobody looks', () => {
  const { state, stop } = library()
  stop()
  state.counter++
  vi.advanceTimersByTime(10_000)
  expect(state.changes).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
})
