import { watch } from 'vue'
import { useNavigation, type Route } from '../stores/navigation.ts'
import { useRuns } from '../stores/runs.ts'

const runIdsOf = (route: Route): readonly number[] => {
  if (route.view === 'run' || route.view === 'unit') return [route.runId]
  return route.view === 'compare' ? route.runIds : []
}

/** The place where the last window was may be of runs that are gone: then the runs are shown. */
export function useRestoredPlace(): void {
  const navigation = useNavigation()
  const runs = useRuns()
  watch(
    () => runs.isComplete,
    () => {
      if (runIdsOf(navigation.route).some((id) => !runs.byId.has(id))) navigation.replace({ view: 'runs' })
    },
    { once: true },
  )
}
