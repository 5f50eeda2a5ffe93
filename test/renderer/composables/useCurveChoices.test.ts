import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'

const kept = new Map<string, string>()
beforeEach(() => {
  kept.clear()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  })
})
afterEach(() => vi.unstubAllGlobals())

/** As a window that has just been opened. */
async function open() {
  vi.resetModules()
  const { useCurveChoices, useZoomRange } = await import('../../../renderer/composables/useCurveChoices.ts')
  const place = shallowRef('run 1')
  const scope = effectScope()
  const range = scope.run(() => useZoomRange(() => place.value))!
  return { range, place, ...useCurveChoices(), close: () => scope.stop() }
}

test('a zoomed chart, what it is drawn over and its smoothing are there again in the next window', async () => {
  const before = await open()
  before.xQuantity.value = 'evaluations'
  before.smoothing.value = 0.9
  await nextTick()
  before.range.value = { min: 3, max: 40 }
  await nextTick()
  before.close()
  const after = await open()
  expect(after.xQuantity.value).toBe('evaluations')
  expect(after.smoothing.value).toBe(0.9)
  expect(after.range.value).toMatchObject({ min: 3, max: 40 })
})

test('another page is not zoomed, and all is shown again when x means something else', async () => {
  const { range, place, xQuantity } = await open()
  range.value = { min: 3, max: 40 }
  place.value = 'run 2'
  expect(range.value).toBeNull()
  place.value = 'run 1'
  expect(range.value).not.toBeNull()
  xQuantity.value = 'elapsedMs'
  await nextTick()
  expect(range.value).toBeNull()
})
