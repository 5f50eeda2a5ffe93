import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'

/** Where the window is; plain objects, so that a place can be kept and gone back to. */
export type Route =
  | { view: 'runs' }
  | { view: 'run'; runId: number }
  /** A hidden unit (index from 0) by the weights at or before an iteration. */
  | { view: 'unit'; runId: number; unit: number; iteration: number }
  | { view: 'compare'; runIds: number[] }
  | { view: 'datasets' }
  | { view: 'dataset'; id: number }
  | { view: 'newRun'; datasetId?: number; preset?: string; fromRunId?: number }

const same = (a: Route, b: Route): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The history of places; `go` drops what lay ahead, as in a browser. */
export const useNavigation = defineStore('navigation', () => {
  const history = shallowRef<readonly Route[]>([{ view: 'runs' }])
  const position = shallowRef(0)

  const route = computed<Route>(() => history.value[position.value])
  const canGoBack = computed(() => position.value > 0)
  const canGoForward = computed(() => position.value < history.value.length - 1)

  /** Goes to a place; going to where one is does nothing. */
  function go(next: Route): void {
    if (same(next, route.value)) return
    history.value = [...history.value.slice(0, position.value + 1), next]
    position.value++
  }

  /** Takes the place of the current one, which back will not return to. */
  function replace(next: Route): void {
    history.value = [...history.value.slice(0, position.value), next]
  }

  /** Goes back; from the first place, to the runs. */
  function back(): void {
    if (canGoBack.value) position.value--
    else replace({ view: 'runs' })
  }

  function forward(): void {
    if (canGoForward.value) position.value++
  }

  return { route, canGoBack, canGoForward, go, replace, back, forward }
})
