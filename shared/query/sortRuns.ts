import type { RunSummary } from '../domain/run.ts'
import { ofSettingColumns, usedValue } from '../domain/usedSettings.ts'
import { settingOf, valueText } from '../settings/runSettings.ts'

type Value = number | string | null

const finiteOrNull = (value: number | null): number | null =>
  value !== null && Number.isNaN(value) ? null : value

/** What each column of the table sorts by. */
const sortValues = {
  name: (run) => run.name.toLowerCase(),
  status: (run) => run.status,
  dataset: (run) => run.datasetName.toLowerCase(),
  preset: (run) => run.preset,
  ...ofSettingColumns((key) => (run: RunSummary) => {
    const value = usedValue(run, key)
    return value === null ? null : typeof value === 'string' ? valueText(settingOf(key), value) : value
  }),
  cost: (run) => finiteOrNull(run.cost),
  reconstruction: (run) => finiteOrNull(run.reconstruction),
  weightDecay: (run) => finiteOrNull(run.weightDecay),
  sparsity: (run) => finiteOrNull(run.sparsity),
  validation: (run) => finiteOrNull(run.validation),
  rhoHat: (run) => run.rhoHat?.mean ?? null,
  dead: (run) => run.deadUnits,
  iterations: (run) => run.iterations,
  time: (run) => run.elapsedMs,
  // Ascending age is newest first.
  age: (run) => -Date.parse(run.createdAt),
  tags: (run) => (run.tags.length > 0 ? run.tags.join(' ').toLowerCase() : null),
} satisfies Record<string, (run: RunSummary) => Value>

export type SortKey = keyof typeof sortValues
export const sortKeys = Object.keys(sortValues) as SortKey[]

export interface RunSort {
  key: SortKey
  descending: boolean
}

const collator = new Intl.Collator('en', { numeric: true })

/** Natural order of two values; null, no value, comes last either way. */
export function compareValues(a: Value, b: Value, descending = false): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  const order =
    typeof a === 'string' && typeof b === 'string' ? collator.compare(a, b) : Number(a) - Number(b)
  return descending ? -order : order
}

/**
 * Runs ordered by columns, the first one first; runs without a value come last either way, and ties are newest first.
 */
export function sortRuns(runs: readonly RunSummary[], sort: readonly RunSort[]): RunSummary[] {
  const valuesOf = sort.map(({ key }): ((run: RunSummary) => Value) => sortValues[key])
  // Each value is worked out once, not once a comparison.
  const keyed = runs.map((run) => ({ run, values: valuesOf.map((valueOf) => valueOf(run)) }))
  keyed.sort((a, b) => {
    for (let at = 0; at < sort.length; at++) {
      const order = compareValues(a.values[at], b.values[at], sort[at].descending)
      if (order !== 0) return order
    }
    return b.run.id - a.run.id
  })
  return keyed.map(({ run }) => run)
}
