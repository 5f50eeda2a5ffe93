import { computed, watch, type WritableComputedRef } from 'vue'
import { z } from 'zod'
import type { Domain } from '../charts/domain.ts'
import { xQuantities, type XQuantity } from '../charts/xAxis.ts'
import { stored } from '../stores/stored.ts'

const xQuantity = stored<XQuantity>('charts.xQuantity', z.enum(xQuantities), 'iteration')
const smoothing = stored('charts.smoothing', z.number().min(0).max(0.99), 0)

/** What curves are drawn over, and how smooth: chosen once, it holds for every run. */
export const useCurveChoices = () => ({ xQuantity, smoothing })

const zoomSchema = z.object({ place: z.string(), min: z.number(), max: z.number() }).nullable()
/** Where the last chart was zoomed: the window that finds this place again finds it zoomed. */
const zoomed = stored<z.infer<typeof zoomSchema>>('charts.zoom', zoomSchema, null)

/**
 * The part of the x axis that the charts of a page show together; all of it again when x means something else.
 * @param place  the page, by what it shows
 */
export function useZoomRange(place: () => string): WritableComputedRef<Domain | null> {
  const range = computed<Domain | null>({
    get: () => (zoomed.value?.place === place() ? zoomed.value : null),
    set: (next) => (zoomed.value = next && { place: place(), min: next.min, max: next.max }),
  })
  watch(xQuantity, () => (range.value = null))
  return range
}
