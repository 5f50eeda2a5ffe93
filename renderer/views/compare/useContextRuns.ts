import { computed } from 'vue'
import type { RunSummary } from '#shared/domain/run.ts'
import { useRunQuery } from '../../stores/runQuery.ts'
import { useRuns } from '../../stores/runs.ts'

/** So many runs are drawn behind the compared ones; more would be a grey block. */
const mostContext = 500

/**
 * The compared runs, first, and those that they are seen against: the runs of the table's query, or without one those
 * of the same datasets; the newest 500.
 */
export function useContextRuns(comparedIds: () => readonly number[]) {
  const all = useRuns()
  const query = useRunQuery()
  const isQuery = computed(() => query.query.terms.length > 0)

  const runs = computed<RunSummary[]>(() => {
    const compared = comparedIds().flatMap((id) => all.byId.get(id) ?? [])
    const ids = new Set(compared.map(({ id }) => id))
    const datasets = new Set(compared.map(({ datasetId }) => datasetId))
    const context = isQuery.value
      ? query.matching
      : all.summaries.filter(({ datasetId }) => datasets.has(datasetId))
    const others = context.filter(({ id, cost }) => !ids.has(id) && cost !== null)
    return [...compared, ...others.toSorted((a, b) => b.id - a.id).slice(0, mostContext)]
  })
  const title = computed(() => (isQuery.value ? 'Runs in this filter' : 'Runs of the same data'))

  return { runs, title }
}
