import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRefresher } from '../../../renderer/stores/refresher.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('many changes at once are one refresh, and the last change is never missed', async () => {
  let runs = 0
  const ask = createRefresher(async () => {
    runs++
  }, 500)
  for (let i = 0; i < 100; i++) ask()
  await vi.advanceTimersByTimeAsync(0)
  expect(runs).toBe(1)
  ask()
  ask()
  await vi.advanceTimersByTimeAsync(499)
  expect(runs).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(runs).toBe(2)
})

test('a change during a refresh is followed by another one, never beside it', async () => {
  let running = 0
  let most = 0
  let runs = 0
  const ask = createRefresher(async () => {
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 100))
    running--
    runs++
  }, 500)
  ask()
  await vi.advanceTimersByTimeAsync(50)
  ask()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(runs).toBe(2)
  expect(most).toBe(1)
})
