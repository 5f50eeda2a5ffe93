import type { RunSummary } from '../domain/run.ts'
import { engineOfRun } from '../domain/runNames.ts'

type Value = number | string | null

/** What each column of the table sorts by. */
const sortValues = {
  name: (run) => run.name.toLowerCase(),
  dataset: (run) => run.datasetName.toLowerCase(),
  hidden: (run) => run.config.hidden,
  rho: (run) => run.config.rho,
  lambda: (run) => run.config.lambda,
  beta: (run) => run.config.beta,
  activation: (run) => run.config.activation,
  optimiser: (run) => run.config.optimiser,
  engine: (run) => engineOfRun(run),
  cost: (run) => (run.cost !== null && Number.isNaN(run.cost) ? null : run.cost),
  rhoHat: (run) => run.rhoHat?.mean ?? null,
  dead: (run) => run.deadUnits,
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

function compareValues(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b)
  return Number(a) - Number(b)
}

/** Runs ordered by a column; runs without a value come last either way, and ties are newest first. */
export function sortRuns(runs: readonly RunSummary[], { key, descending }: RunSort): RunSummary[] {
  const valueOf: (run: RunSummary) => Value = sortValues[key]
  // Each value is worked out once, not once a comparison.
  const keyed = runs.map((run) => ({ run, value: valueOf(run) }))
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) {
      if (a.value !== b.value) return a.value === null ? 1 : -1
      return b.run.id - a.run.id
    }
    const order = compareValues(a.value, b.value)
    return (descending ? -order : order) || b.run.id - a.run.id
  })
  return keyed.map(({ run }) => run)
}
