import { computed } from 'vue'
import { useDatasets } from '../../stores/datasets.ts'
import { useNavigation, type Route } from '../../stores/navigation.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSweeps } from '../../stores/sweeps.ts'
import type { IconName } from '../icons.ts'

/** A place that is always one click away. */
export interface Place {
  command: 'datasets' | 'runs' | 'sweeps'
  icon: IconName
  label: string
  count: number
  isHere: boolean
}

const viewsOf: Record<Place['command'], readonly Route['view'][]> = {
  datasets: ['datasets', 'dataset'],
  runs: ['runs', 'run', 'unit', 'compare'],
  sweeps: ['sweeps', 'sweep', 'newSweep'],
}

/** Datasets, runs and sweeps, as the sidebar and the rail list them. */
export function usePlaces() {
  const navigation = useNavigation()
  const datasets = useDatasets()
  const runs = useRuns()
  const sweeps = useSweeps()
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
    {
      command: 'sweeps',
      icon: 'grid',
      label: 'Sweeps',
      count: sweeps.summaries.length,
      isHere: isHere('sweeps'),
    },
  ])
}
