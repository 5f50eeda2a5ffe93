import {
  inject,
  onBeforeUnmount,
  onMounted,
  provide,
  shallowRef,
  type InjectionKey,
  type ShallowRef,
} from 'vue'
import type { Picture } from '../../charts/picture.ts'

/** The plot inside a panel, as it is now: what can be drawn once more into a picture. */
export type Plot = Pick<Picture, 'width' | 'height' | 'drawPlot'>

type CurrentPlot = ShallowRef<(() => Plot) | null>

const key: InjectionKey<CurrentPlot> = Symbol('plot of the panel')

/** For a panel: where the plot inside it announces itself; null while there is none. */
export function providePlot(): Readonly<CurrentPlot> {
  const current: CurrentPlot = shallowRef(null)
  provide(key, current)
  return current
}

/** For a plot: what the panel around it exports. */
export function usePlot(plot: () => Plot): void {
  const current = inject(key, null)
  if (current === null) return
  onMounted(() => (current.value = plot))
  onBeforeUnmount(() => {
    if (current.value === plot) current.value = null
  })
}
