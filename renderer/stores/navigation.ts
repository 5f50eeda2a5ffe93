import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { z } from 'zod'
import { stored } from './stored.ts'

const id = z.number().int().min(1)
const index = z.number().int().min(0)

const routeSchema = z.discriminatedUnion('view', [
  z.strictObject({ view: z.literal('runs') }),
  z.strictObject({ view: z.literal('run'), runId: id }),
  /** A hidden unit (index from 0) by the weights at or before an iteration. */
  z.strictObject({ view: z.literal('unit'), runId: id, unit: index, iteration: index }),
  z.strictObject({
    view: z.literal('compare'),
    runIds: z.array(id).min(1),
    /** A ready comparison, which says what it shows. */
    story: z.literal('noise').optional(),
  }),
  z.strictObject({ view: z.literal('datasets') }),
  z.strictObject({ view: z.literal('dataset'), id }),
  z.strictObject({
    view: z.literal('newRun'),
    datasetId: id.optional(),
    preset: z.string().optional(),
    fromRunId: id.optional(),
    /** From the weights that run `fromRunId` had there. */
    fromIteration: index.optional(),
  }),
  z.strictObject({ view: z.literal('sweeps') }),
  z.strictObject({ view: z.literal('sweep'), id }),
  z.strictObject({ view: z.literal('newSweep'), fromRunId: id.optional() }),
])

/** Where the window is; plain objects, so that a place can be kept and gone back to. */
export type Route = z.infer<typeof routeSchema>

const same = (a: Route, b: Route): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The history of places; `go` drops what lay ahead, as in a browser. */
export const useNavigation = defineStore('navigation', () => {
  const lastPlace = stored<Route>('navigation.route', routeSchema, { view: 'runs' })
  // A form is not kept, so there is nothing to go back to.
  const first: Route = lastPlace.value.view === 'newRun' ? { view: 'runs' } : lastPlace.value
  const history = shallowRef<readonly Route[]>([first])
  const position = shallowRef(0)

  const route = computed<Route>(() => history.value[position.value])
  watch(route, (place) => (lastPlace.value = place))
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
