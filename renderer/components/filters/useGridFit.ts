import { computed, type Ref } from 'vue'
import { useElementSize } from '../../composables/useElementSize.ts'
import { usePixelRatio } from '../../composables/usePixelRatio.ts'
import type { FilterShape } from '../../filters/filterShape.ts'
import { fitGrid, hugGrid, type GridRoom } from '../../filters/fitGrid.ts'

/** What a grid is to hold. */
export interface GridContent {
  count: number
  shape: FilterShape
  /** Device pixels per filter pixel at most. */
  scaleLimit: number
  /** CSS pixels kept free at the right; the ground then ends where the filters do. */
  beside: number
}

/** Where the filters of a grid stand in an element, whatever its size and the screen's pixels become. */
export function useGridFit(element: Readonly<Ref<HTMLElement | null>>, content: () => GridContent) {
  const size = useElementSize(element)
  const ratio = usePixelRatio()

  const available = computed<GridRoom>(() => {
    const { count, shape, beside } = content()
    return {
      width: Math.floor((size.value.width - beside) * ratio.value),
      height: Math.floor(size.value.height * ratio.value),
      count,
      filterWidth: shape.width,
      filterHeight: shape.height,
      ratio: ratio.value,
    }
  })
  /** At the largest scale that there is room for, whatever the limit. */
  const roomiest = computed(() => (available.value.count === 0 ? null : fitGrid(available.value)))
  const laid = computed(() => {
    const { scaleLimit, beside } = content()
    const isLimited = roomiest.value !== null && roomiest.value.scale > scaleLimit
    const fit = isLimited ? fitGrid(available.value, scaleLimit) : roomiest.value
    return fit !== null && beside > 0 ? hugGrid(fit, available.value) : { fit, room: available.value }
  })
  const fit = computed(() => laid.value.fit)
  const room = computed(() => laid.value.room)
  return { fit, room, roomiest, ratio }
}
