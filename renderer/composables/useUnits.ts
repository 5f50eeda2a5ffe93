import { computed, shallowRef, watch, type Ref } from 'vue'
import { dominantWave, type DominantWave } from '#shared/filters/dominantWave.ts'
import { similarityOrder } from '#shared/filters/similarityOrder.ts'
import { filterOf } from '../filters/paintFilters.ts'
import type { FilterShape } from '../filters/filterShape.ts'
import type { ShownFilters } from './useSnapshot.ts'

export const unitSorts = ['index', 'rhoHat', 'norm', 'orientation', 'frequency', 'similarity'] as const
export type UnitSort = (typeof unitSorts)[number]

/** More filters than this are not chained by similarity, which grows with their square. */
const mostChained = 1_000

/** ‖W1[j, ·]‖ of every hidden unit. */
export function filterNorms(W1: Float32Array, hidden: number): Float32Array {
  const visible = W1.length / hidden
  return Float32Array.from({ length: hidden }, (_, j) => {
    let squares = 0
    for (let i = j * visible; i < (j + 1) * visible; i++) squares += W1[i] * W1[i]
    return Math.sqrt(squares)
  })
}

/**
 * Units from the most to the least active, or strongest; by orientation from horizontal on, by frequency from coarse to
 * fine, both with those that have none at the end; else by index.
 * @param filters  what they look like, for orientation, frequency and similarity
 */
export function unitOrder(
  sort: UnitSort,
  rhoHat: Float32Array,
  norms: Float32Array,
  filters: { W1: Float32Array; shape: FilterShape } | null = null,
): number[] {
  const units = Array.from({ length: rhoHat.length }, (_, j) => j)
  const down = (by: ArrayLike<number>) => units.sort((a, b) => by[b] - by[a] || a - b)
  const byWave = (quantity: keyof DominantWave) => {
    if (filters === null || filters.shape.isStrip) return units
    const { W1, shape } = filters
    const waves = units.map((j) => dominantWave(filterOf(W1, shape, j), shape.width, shape.channels))
    const value = (j: number) => waves[j]?.[quantity] ?? Infinity
    return units.sort((a, b) => (value(a) === value(b) ? a - b : value(a) - value(b)))
  }
  switch (sort) {
    case 'index':
      return units
    case 'rhoHat':
      return down(rhoHat)
    case 'norm':
      return down(norms)
    case 'orientation':
    case 'frequency':
      return byWave(sort)
    case 'similarity':
      return filters === null || units.length > mostChained
        ? units
        : similarityOrder(filters.W1, filters.shape.visible)
  }
}

/** Norms and order of the shown filters. While `isFrozen` (someone points at a filter) the order stays. */
export function useUnits(
  shown: Readonly<Ref<ShownFilters | null>>,
  sort: Readonly<Ref<UnitSort>>,
  isFrozen: Readonly<Ref<boolean>>,
  shape: Readonly<Ref<FilterShape | null>> = shallowRef(null),
) {
  const norms = computed(() =>
    shown.value === null ? new Float32Array(0) : filterNorms(shown.value.W1, shown.value.rhoHat.length),
  )
  const order = shallowRef<readonly number[]>([])
  watch(
    [shown, sort, isFrozen, shape] as const,
    ([filters, by, frozen, shape], previous) => {
      const sameUnits = filters?.rhoHat.length === order.value.length
      if (frozen && sameUnits && by === previous[1]) return
      if (filters === null) order.value = []
      else order.value = unitOrder(by, filters.rhoHat, norms.value, shape && { W1: filters.W1, shape })
    },
    { immediate: true },
  )
  return { norms, order }
}
