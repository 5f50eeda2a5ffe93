import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { useAnswer } from '../../../renderer/composables/useAnswer.ts'

let scope: EffectScope
beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

/** Asks about a number; answers come when the test says so. */
function start(first: number | null) {
  const question = shallowRef(first)
  const asked: number[] = []
  const pending = new Map<number, (answer: string | Error) => void>()
  const ask = (about: number) =>
    new Promise<string>((resolve, reject) => {
      asked.push(about)
      pending.set(about, (answer) => (typeof answer === 'string' ? resolve(answer) : reject(answer)))
    })
  const answer = scope.run(() => useAnswer(() => question.value, ask, 60))
  if (!answer) throw new Error('the scope has ended')
  return {
    ...answer,
    asked,
    async to(next: number | null) {
      question.value = next
      await nextTick()
    },
    async reply(about: number, answer: string | Error) {
      pending.get(about)?.(answer)
      await vi.advanceTimersByTimeAsync(0)
    },
  }
}

describe('an answer', () => {
  test('is asked for at once the first time, and stays, marked stale, until the next has come', async () => {
    const unit = start(1)
    expect([unit.asked, unit.value.value, unit.isStale.value]).toEqual([[1], null, true])
    await unit.reply(1, 'one')
    expect([unit.value.value, unit.isStale.value]).toEqual(['one', false])
    await unit.to(2)
    expect([unit.value.value, unit.isStale.value]).toEqual(['one', true])
    await vi.advanceTimersByTimeAsync(60)
    await unit.reply(2, 'two')
    expect([unit.value.value, unit.isStale.value]).toEqual(['two', false])
  })

  test('is not asked for what one only steps past', async () => {
    const unit = start(1)
    for (const next of [2, 3, 4]) {
      await unit.to(next)
      await vi.advanceTimersByTimeAsync(30)
    }
    await vi.advanceTimersByTimeAsync(30)
    expect(unit.asked).toEqual([1, 4])
  })

  test('that comes late, after another question, is not shown', async () => {
    const unit = start(1)
    await unit.to(2)
    await unit.reply(1, 'one')
    expect([unit.value.value, unit.isStale.value]).toEqual([null, true])
    await vi.advanceTimersByTimeAsync(60)
    await unit.reply(2, 'two')
    expect(unit.value.value).toBe('two')
  })

  test('that fails says why, in place of an old answer, and the next one takes that back', async () => {
    const unit = start(1)
    await unit.reply(1, 'one')
    await unit.to(2)
    await vi.advanceTimersByTimeAsync(60)
    await unit.reply(2, new Error('The analysis crashed.'))
    expect([unit.value.value, unit.error.value]).toEqual([null, 'The analysis crashed.'])
    await unit.to(3)
    await vi.advanceTimersByTimeAsync(60)
    await unit.reply(3, 'three')
    expect([unit.value.value, unit.error.value]).toEqual(['three', null])
  })

  test('is waited for while there is nothing to ask, and not shown once its page is gone', async () => {
    const unit = start(null)
    expect(unit.asked).toEqual([])
    await unit.to(5)
    expect(unit.asked).toEqual([5])
    scope.stop()
    await unit.reply(5, 'five')
    expect(unit.value.value).toBeNull()
  })
})
