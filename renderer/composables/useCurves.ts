import { computed } from 'vue'
import type { IterationColumns } from '#shared/domain/run.ts'
import type { CurveView } from '../charts/curveView.ts'
import type { Domain } from '../charts/domain.ts'
import { iterationAtX, xOfIteration } from '../charts/xAxis.ts'
import { useAxisScales } from './useAxisScales.ts'
import { useChartTheme } from './useChartTheme.ts'
import { useCurveChoices } from './useCurveChoices.ts'

const { xQuantity, smoothing } = useCurveChoices()

/** How curves are looked at. @param range  the part that is shown */
export function useCurveView(range: () => Domain | null) {
  const theme = useChartTheme()
  const { xScale } = useAxisScales()
  return computed<CurveView>(() => ({
    theme: theme.value,
    xQuantity: xQuantity.value,
    xScale: xScale.value,
    smoothing: smoothing.value,
    range: range(),
  }))
}

/** Between iterations, which a page speaks of, and values of the x axis, which its charts do. */
export function useIterationCursor(columns: () => IterationColumns, cursor: () => number | null) {
  const x = computed(() => {
    const iteration = cursor()
    return iteration === null ? null : xOfIteration(columns(), xQuantity.value, iteration)
  })
  const iterationAt = (value: number): number | null => iterationAtX(columns(), xQuantity.value, value)
  return { x, iterationAt }
}
