import { computed } from 'vue'
import { useDatasets } from '../../stores/datasets.ts'
import { useNavigation, type Route } from '../../stores/navigation.ts'
import { useRuns } from '../../stores/runs.ts'
import type { IconName } from '../icons.ts'

/** A place that is always one click away. */
export interface Place {
  command: 'datasets' | 'runs'
  icon: IconName
  label: string
  count: number
  isHere: boolean
}

const viewsOf: Record<Place['command'], readonly Route['view'][]> = {
  datasets: ['datasets', 'dataset'],
  runs: ['runs', 'run', 'unit', 'compare'],
}

/** Datasets and runs, as the sidebar and the rail list them. */
export function usePlaces() {
  const navigation = useNavigation()
  const datasets = useDatasets()
  const runs = useRuns()
  const isHere = (command: Place['command']): boolean => viewsOf[command].includes(navigation.route.view)

  return computed<Place[]>(() => [
    {
      command: 'datasets',
      icon: 'image',
      label: 'Datasets',
      count: datasets.summaries.length,
      isHere: isHere('datasets'),
    },
    { command: 'runs', icon: 'rows', label: 'Runs', count: runs.summaries.length, isHere: isHere('runs') },
  ])
}
