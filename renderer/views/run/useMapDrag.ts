import { computed, shallowRef } from 'vue'
import type { Domain } from '../../charts/domain.ts'
import { mapRangeBetween, type RhoHatMapChart } from '../../charts/paintRhoHatMap.ts'
import { dragThreshold } from '../../charts/pointer.ts'

/**
 * Marks a part of the map's x axis by dragging over it, as in the charts around.
 * @param size of the map in CSS pixels; @param zoom is told of the marked part
 */
export function useMapDrag(
  chart: () => RhoHatMapChart,
  size: () => { width: number; height: number },
  zoom: (range: Domain) => void,
) {
  const drag = shallowRef<{ from: number; to: number } | null>(null)
  const isDrag = computed(
    () => drag.value !== null && Math.abs(drag.value.to - drag.value.from) > dragThreshold,
  )
  const marked = computed(() =>
    isDrag.value && drag.value ? mapRangeBetween(chart(), size(), drag.value.from, drag.value.to) : null,
  )
  /** A drag ends in a click, which is none. */
  let wasDrag = false

  function start(event: PointerEvent): void {
    if (event.button !== 0) return
    wasDrag = false
    drag.value = { from: event.offsetX, to: event.offsetX }
    if (event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId)
  }
  function move(event: PointerEvent): void {
    if (drag.value !== null) drag.value = { ...drag.value, to: event.offsetX }
  }
  function end(): void {
    wasDrag = isDrag.value
    if (marked.value !== null) zoom(marked.value.range)
    drag.value = null
  }
  const cancel = (): void => void (drag.value = null)
  return { marked, start, move, end, cancel, wasDrag: () => wasDrag }
}
