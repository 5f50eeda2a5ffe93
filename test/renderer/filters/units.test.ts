import { nextTick, shallowRef } from 'vue'
import { describe, expect, it } from 'vitest'
import type { ShownFilters } from '../../../renderer/composables/useSnapshot.ts'
import { filterNorms, unitOrder, useUnits, type UnitSort } from '../../../renderer/composables/useUnits.ts'

const filters = (norms: number[], rhoHat: number[]): ShownFilters => ({
  iteration: 1,
  // Two values a filter: (norm, 0).
  W1: Float32Array.from(norms.flatMap((norm) => [norm, 0])),
  rhoHat: Float32Array.from(rhoHat),
  isLive: true,
})

describe('the order of the filters', () => {
  it('is by unit, or from the largest down', () => {
    const rhoHat = Float32Array.of(0.1, 0.3, 0.2)
    const norms = filterNorms(Float32Array.of(3, 4, 0, 1, 6, 8), 3)
    expect([...norms]).toEqual([5, 1, 10])
    expect(unitOrder('index', rhoHat, norms)).toEqual([0, 1, 2])
    expect(unitOrder('rhoHat', rhoHat, norms)).toEqual([1, 2, 0])
    expect(unitOrder('norm', rhoHat, norms)).toEqual([2, 0, 1])
  })

  it('keeps the order of units that are equal', () => {
    expect(unitOrder('rhoHat', Float32Array.of(0.5, 0.5, 0.5), new Float32Array(3))).toEqual([0, 1, 2])
  })

  it('stays while someone points at a filter, and follows when they leave', async () => {
    const shown = shallowRef<ShownFilters | null>(filters([1, 2], [0.1, 0.2]))
    const sort = shallowRef<UnitSort>('norm')
    const pointing = shallowRef(false)
    const { order } = useUnits(shown, sort, pointing)
    expect(order.value).toEqual([1, 0])
    pointing.value = true
    shown.value = filters([3, 2], [0.1, 0.2])
    await nextTick()
    expect(order.value).toEqual([1, 0])
    sort.value = 'index'
    await nextTick()
    expect(order.value).toEqual([0, 1])
    sort.value = 'norm'
    shown.value = filters([1, 5], [0.1, 0.2])
    pointing.value = false
    await nextTick()
    expect(order.value).toEqual([1, 0])
  })
})
