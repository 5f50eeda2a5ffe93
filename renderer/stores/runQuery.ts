import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { RunSummary } from '#shared/domain/run.ts'
import { matchesQuery } from '#shared/query/matchesQuery.ts'
import { parseQuery } from '#shared/query/parseQuery.ts'
import { sortRuns, type RunSort } from '#shared/query/sortRuns.ts'
import { useRuns } from './runs.ts'

/** What the table of runs shows: the query, the order, and the runs that result. */
export const useRunQuery = defineStore('runQuery', () => {
  const text = shallowRef('')
  const sort = shallowRef<RunSort>({ key: 'age', descending: false })

  const query = computed(() => parseQuery(text.value))
  const matching = computed<readonly RunSummary[]>(() => {
    const { summaries } = useRuns()
    const found =
      query.value.terms.length === 0 ? summaries : summaries.filter((run) => matchesQuery(query.value, run))
    return sortRuns(found, sort.value)
  })

  /** Sorts by a column; a second time turns the order round. */
  function sortBy(key: RunSort['key']): void {
    sort.value = { key, descending: sort.value.key === key ? !sort.value.descending : false }
  }

  return { text, sort, query, matching, sortBy }
})
