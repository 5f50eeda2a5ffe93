import { computed, shallowRef, watch, type Ref } from 'vue'
import type { ShownFilters } from './useSnapshot.ts'

export const unitSorts = ['index', 'rhoHat', 'norm'] as const
export type UnitSort = (typeof unitSorts)[number]

/** ‖W1[j, ·]‖ of every hidden unit. */
export function filterNorms(W1: Float32Array, hidden: number): Float32Array {
  const visible = W1.length / hidden
  return Float32Array.from({ length: hidden }, (_, j) => {
    let squares = 0
    for (let i = j * visible; i < (j + 1) * visible; i++) squares += W1[i] * W1[i]
    return Math.sqrt(squares)
  })
}

/** Units from the most to the least of what they are sorted by; by index from the first. */
export function unitOrder(sort: UnitSort, rhoHat: Float32Array, norms: Float32Array): number[] {
  const units = Array.from({ length: rhoHat.length }, (_, j) => j)
  if (sort === 'index') return units
  const by = sort === 'norm' ? norms : rhoHat
  return units.sort((a, b) => by[b] - by[a] || a - b)
}

/** Norms and order of the shown filters. While `isFrozen` (someone points at a filter) the order stays. */
export function useUnits(
  shown: Readonly<Ref<ShownFilters | null>>,
  sort: Readonly<Ref<UnitSort>>,
  isFrozen: Readonly<Ref<boolean>>,
) {
  const norms = computed(() =>
    shown.value === null ? new Float32Array(0) : filterNorms(shown.value.W1, shown.value.rhoHat.length),
  )
  const order = shallowRef<readonly number[]>([])
  watch(
    [shown, sort, isFrozen] as const,
    ([filters, by, frozen], previous) => {
      const sameUnits = filters?.rhoHat.length === order.value.length
      if (frozen && sameUnits && by === previous[1]) return
      order.value = filters === null ? [] : unitOrder(by, filters.rhoHat, norms.value)
    },
    { immediate: true },
  )
  return { norms, order }
}
