import { computed, shallowRef, watch } from 'vue'
import { mostMatchedUnits } from '#shared/filters/partners.ts'
import { useAnswer } from '../../composables/useAnswer.ts'
import type { ComparedRunState } from '../../composables/useComparedRun.ts'
import { call } from '../../ipc/call.ts'
import { matchedOrders, partnerTable, similarityOf, type Similarity } from './filterMatches.ts'

export const gridOrders = [
  { value: 'matched', label: 'Matched' },
  { value: 'own', label: 'Unit order' },
] as const

/** A run keeps bringing weights while it trains: it is not matched anew for each snapshot. */
const settleMs = 800

const gridOrder = shallowRef<'matched' | 'own'>('matched')

/** What a grid shows of how its run matches the others. */
export interface GridMatch {
  /** Units in the order of their places, −1 for an empty one. */
  order: readonly number[]
  /** To the first run; null for that one itself, and where they cannot be matched. */
  toFirst: Similarity | null
  /** Mean similarity to each run before this one, by letter. */
  toOthers: { letter: string; mean: number | null }[]
  /** Cosine of the pointed unit with its partner in the first run; null where there is none. */
  pointedCosine: number | null
  /** Units without a partner in the first run; of the first run, without one in any. */
  unmatched: number
  /** Why there is no match; empty where there is one, or it is awaited. */
  reason: string
  isWaiting: boolean
}

/**
 * Partners between the filters of compared runs, found by their newest weights, and how alike they are in the weights
 * that are shown. Pointing at a filter points at its partners in the other grids.
 */
export function useFilterMatches(runs: readonly ComparedRunState[]) {
  const [first, ...others] = runs
  const newest = computed(() => runs.map((run) => run.detail.value?.snapshots.at(-1)?.iteration ?? -1))
  const areKnown = computed(() => runs.every((run) => run.detail.value !== null))
  const answer = useAnswer(
    () => (areKnown.value ? newest.value.join() : null),
    () =>
      call(
        'filters.match',
        runs.map((run) => run.runId),
      ),
    settleMs,
  )
  const table = computed(() => (answer.value.value === null ? null : partnerTable(answer.value.value)))

  const orders = computed(() => {
    const own = runs.map((run) => run.order.value)
    if (gridOrder.value === 'own' || table.value === null) return own
    const matched = matchedOrders(own, table.value)
    return own.map((order, run) => matched[run] ?? order)
  })

  function similarity(from: number, to: number): Similarity | null {
    const partner = table.value?.get(from)?.get(to)
    const [a, b] = [runs[from].shown.value, runs[to].shown.value]
    const visible = runs[from].shape.value?.visible
    if (partner === undefined || a === null || b === null || visible === undefined) return null
    // A run whose number of units has changed is another run; its answer is on its way.
    return partner.length === a.rhoHat.length ? similarityOf(partner, a.W1, b.W1, visible) : null
  }
  const similarities = computed(() =>
    runs.map((_, to) => runs.slice(0, to).map((_, from) => similarity(from, to))),
  )

  function unmatchedIn(at: number): number {
    const partners = table.value?.get(at)
    const sought = at === 0 ? [...(partners?.values() ?? [])] : [partners?.get(0) ?? []]
    const [some] = sought
    return Array.from(some ?? [], (_, unit) => sought.every((partner) => partner[unit] < 0)).filter(Boolean)
      .length
  }

  function reasonFor(run: ComparedRunState): string {
    const [a, b] = [first.detail.value, run.detail.value]
    if (answer.error.value !== null) return answer.error.value
    if (a === null || b === null || run === first || table.value === null) return ''
    if (a.visible !== b.visible || a.patchSize !== b.patchSize || a.channels !== b.channels) {
      return 'other patch size'
    }
    return Math.max(a.config.hidden, b.config.hidden) > mostMatchedUnits
      ? `more than ${mostMatchedUnits} units`
      : ''
  }

  const grids = computed<GridMatch[]>(() =>
    runs.map((run, at) => {
      const toFirst = at === 0 ? null : similarities.value[at][0]
      const pointed = first.unit.value
      const cosine = toFirst !== null && pointed !== null ? toFirst.cosine[pointed] : NaN
      return {
        order: orders.value[at],
        toFirst,
        toOthers: similarities.value[at].flatMap((similarity, from) =>
          similarity === null ? [] : { letter: runs[from].letter, mean: similarity.mean },
        ),
        pointedCosine: Number.isNaN(cosine) || run.unit.value === null ? null : cosine,
        unmatched: unmatchedIn(at),
        reason: reasonFor(run),
        isWaiting: table.value === null && answer.error.value === null,
      }
    }),
  )

  let isLinking = false
  function link(from: number, unit: number | null): void {
    if (isLinking || table.value === null) return
    isLinking = true
    const inFirst = from === 0 ? unit : partnerIn(from, 0, unit)
    runs.forEach((run, to) => {
      if (to === from) return
      run.unit.value = to === 0 ? inFirst : partnerIn(0, to, inFirst)
    })
    isLinking = false
  }
  function partnerIn(from: number, to: number, unit: number | null): number | null {
    const partner = unit === null ? -1 : (table.value?.get(from)?.get(to)?.[unit] ?? -1)
    return partner < 0 ? null : partner
  }
  runs.forEach((run, from) => watch(run.unit, (unit) => link(from, unit), { flush: 'sync' }))
  // The others follow the first one's order: it stays while anybody points at any of them.
  watch(
    () => others.some((run) => run.isPointing.value),
    (over) => void (first.isPointing.value = over && gridOrder.value === 'matched'),
  )

  return { gridOrder, grids, similarities }
}
