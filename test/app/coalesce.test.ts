import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { coalesce } from '#main/app/coalesce.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('one change is passed on at once', () => {
  const passed: number[] = []
  coalesce<number>(
    250,
    (a, b) => a | b,
    (value) => passed.push(value),
  ).push(1)
  expect(passed).toEqual([1])
})

test('nothing is lost, and nothing passed on more than four times a second', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ waitMs: fc.nat(400), bit: fc.nat(20) }), { maxLength: 40 }),
      (changes) => {
        const passed: { at: number; value: number }[] = []
        const changed = coalesce<number>(
          250,
          (a, b) => a | b,
          (value) => passed.push({ at: Date.now(), value }),
        )
        let all = 0
        for (const { waitMs, bit } of changes) {
          vi.advanceTimersByTime(waitMs)
          changed.push(1 << bit)
          all |= 1 << bit
        }
        vi.advanceTimersByTime(1_000)
        expect(passed.reduce((sum, { value }) => sum | value, 0)).toBe(all)
        passed.slice(1).forEach(({ at }, i) => expect(at - passed[i].at).toBeGreaterThanOrEqual(250))
        expect(vi.getTimerCount()).toBe(0)
      },
    ),
  )
})

test('after cancel nothing more is passed on', () => {
  const passed: number[] = []
  const changed = coalesce<number>(
    250,
    (a, b) => a | b,
    (value) => passed.push(value),
  )
  changed.push(1)
  changed.push(2)
  changed.cancel()
  vi.advanceTimersByTime(1_000)
  expect(passed).toEqual([1])
})
