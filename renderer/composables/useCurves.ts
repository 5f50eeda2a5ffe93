import { computed, shallowRef, watch, type Ref } from 'vue'
import type { IterationColumns } from '#shared/domain/run.ts'
import type { CurveView } from '../charts/curveView.ts'
import type { Domain } from '../charts/domain.ts'
import { iterationAtX, xOfIteration, type XQuantity } from '../charts/xAxis.ts'
import { useAxisScales } from './useAxisScales.ts'
import { useChartTheme } from './useChartTheme.ts'

const xQuantity = shallowRef<XQuantity>('iteration')
const smoothing = shallowRef(0)

/** What curves are drawn over, and how smooth: chosen once, it holds for every run until the window closes. */
export const useCurveChoices = () => ({ xQuantity, smoothing })

/** The part of the x axis that the charts of a page show together; all of it again when x means something else. */
export function useZoomRange(): Ref<Domain | null> {
  const range = shallowRef<Domain | null>(null)
  watch(xQuantity, () => (range.value = null))
  return range
}

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
