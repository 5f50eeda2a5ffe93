import type { RunSummary } from '../domain/run.ts'
import { ofSettingColumns, usedValue } from '../domain/usedSettings.ts'
import { compareValues } from './sortRuns.ts'

type GroupValue = number | string

/** What runs can be grouped by: the values of a run, each of which is a group; none of them: the last group. */
const groupValues = {
  status: (run) => [run.status],
  dataset: (run) => [run.datasetName],
  tag: (run) => run.tags,
  preset: (run) => (run.preset === null ? [] : [run.preset]),
  sweep: (run) => (run.sweepId === null ? [] : [run.sweepId]),
  ...ofSettingColumns((key) => (run: RunSummary) => {
    const value = usedValue(run, key)
    return value === null ? [] : [value]
  }),
} satisfies Record<string, (run: RunSummary) => readonly GroupValue[]>

export type GroupKey = keyof typeof groupValues
export const groupKeys = Object.keys(groupValues) as GroupKey[]

export interface RunGroup {
  /** null: the runs that have no value. */
  value: GroupValue | null
  /** In the order given. */
  runs: readonly RunSummary[]
  /** The lowest cost; null where no run has one. */
  bestCost: number | null
}

/** Runs by one of their settings, groups in natural order; a run with several tags stands under each. */
export function groupRuns(runs: readonly RunSummary[], by: GroupKey): RunGroup[] {
  const valuesOf: (run: RunSummary) => readonly GroupValue[] = groupValues[by]
  const groups = new Map<GroupValue | null, RunSummary[]>()
  for (const run of runs) {
    const values = valuesOf(run)
    for (const value of values.length > 0 ? values : [null]) {
      const group = groups.get(value)
      if (group) group.push(run)
      else groups.set(value, [run])
    }
  }
  return [...groups]
    .map(([value, members]) => ({ value, runs: members, bestCost: bestCost(members) }))
    .toSorted((a, b) => compareValues(a.value, b.value))
}

function bestCost(runs: readonly RunSummary[]): number | null {
  let best: number | null = null
  for (const { cost } of runs)
    if (cost !== null && !Number.isNaN(cost) && (best === null || cost < best)) best = cost
  return best
}
