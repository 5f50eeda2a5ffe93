import { computed, type Ref } from 'vue'
import type { ComparedRun } from '../../charts/drawCompared.ts'
import type { XQuantity } from '../../charts/xAxis.ts'
import type { ComparedRunState } from '../../composables/useComparedRun.ts'
import { formatCount, formatCountOf } from '../../format/number.ts'
import { formatDuration } from '../../format/time.ts'
import { filterResults, resultsAt } from './results.ts'
import type { GridMatch } from './useFilterMatches.ts'
import { useVariances } from '../../composables/useVariances.ts'
import type { ComparedColumn } from './resultRows.ts'

interface Place {
  x: Readonly<Ref<XQuantity>>
  /** Value of the x axis under the pointer. */
  hovered: Readonly<Ref<number | null>>
  /** Iteration that the slider stands at; null for the newest. */
  picked: Readonly<Ref<number | null>>
  /** The furthest iteration of any run. */
  done: Readonly<Ref<number>>
}

/** What the panels over the compared runs show at one place of their training. */
export function useComparison(
  runs: readonly ComparedRunState[],
  grids: Readonly<Ref<readonly GridMatch[]>>,
  { x, hovered, picked, done }: Place,
) {
  const variances = useVariances(() => runs.flatMap((run) => run.detail.value?.id ?? []))

  /** Against time or evaluations the slider has no one place in the chart, so that only the pointer puts a cursor there. */
  const cursor = computed(() => {
    if (x.value !== 'iteration') return hovered.value
    const wanted = hovered.value === null ? (picked.value ?? done.value) : Math.round(hovered.value)
    return done.value === 0 ? null : Math.max(0, Math.min(wanted, done.value))
  })
  const cursorText = computed(() => {
    if (cursor.value === null) return 'at the end'
    if (x.value === 'iteration') return `at iteration ${formatCount(cursor.value)}`
    const reached = Math.max(0, cursor.value)
    return x.value === 'elapsedMs'
      ? `after ${formatDuration(reached)}`
      : `after ${formatCountOf(Math.round(reached), 'evaluation')}`
  })

  const curves = computed<ComparedRun[]>(() =>
    runs.map((run) => ({
      letter: run.letter,
      series: run.series,
      columns: run.columns.value,
      planned: run.detail.value?.config.iterations ?? 1,
    })),
  )
  const columns = computed<ComparedColumn[]>(() =>
    runs.flatMap((run, i) => {
      const detail = run.detail.value
      if (detail === null) return []
      const { config } = detail
      const shown = run.shown.value
      return {
        letter: run.letter,
        series: run.series,
        detail,
        variances: variances.get(detail.id) ?? null,
        match: grids.value[i].toFirst,
        results: resultsAt(run.columns.value, x.value, cursor.value ?? Infinity, config),
        ...(shown === null
          ? { medianNorm: null, deadUnits: null }
          : filterResults(shown, run.norms.value, config)),
      }
    }),
  )
  const distributions = computed(() =>
    runs.flatMap(({ letter, series, shares, target }) =>
      shares.value === null ? [] : { letter, series, values: shares.value, target: target.value },
    ),
  )

  return { cursor, cursorText, curves, columns, distributions }
}
