import type { RunSummary } from './run.ts'

export interface DifferingSetting {
  /** A key of the run's configuration, or `dataset`. */
  setting: string
  /** One value a run, in the order given. */
  values: (string | number)[]
}

/** What the configurations of runs do not share, in the order of the configuration. */
export function differingSettings(runs: readonly RunSummary[]): DifferingSetting[] {
  if (runs.length === 0) return []
  const rows: DifferingSetting[] = [
    { setting: 'dataset', values: runs.map((run) => run.datasetName) },
    ...(Object.keys(runs[0].config) as (keyof RunSummary['config'])[]).map((setting) => ({
      setting,
      values: runs.map((run) => run.config[setting]),
    })),
  ]
  return rows.filter(({ values }) => values.some((value) => value !== values[0]))
}
