import { defineStore } from 'pinia'
import { computed } from 'vue'
import { z } from 'zod'
import type { RunSummary } from '#shared/domain/run.ts'
import type { ColumnKey, TableView } from '#shared/query/tableView.ts'
import { defaultView, matchingRuns, tableViewSchema } from '#shared/query/tableView.ts'
import { groupRuns, type RunGroup } from '#shared/query/groupRuns.ts'
import { parseQuery } from '#shared/query/parseQuery.ts'
import { sortRuns, type SortKey } from '#shared/query/sortRuns.ts'
import { notation } from '../format/notation.ts'
import { useRuns } from './runs.ts'
import { stored } from './stored.ts'

/** What the table of runs shows: query, order, groups and columns, and the runs that result. */
export const useRunQuery = defineStore('runQuery', () => {
  const runs = useRuns()
  const view = stored('runs.view', tableViewSchema, defaultView)
  /** Groups that are closed, by their value as text. */
  const closedGroups = stored('runs.closedGroups', z.array(z.string()).max(1_000), [])

  function part<K extends keyof TableView>(key: K) {
    return computed<TableView[K]>({
      get: () => view.value[key],
      set: (value) => (view.value = { ...view.value, [key]: value }),
    })
  }
  const text = part('query')
  const sort = part('sort')
  const groupBy = part('groupBy')
  const columns = part('columns')
  const showsArchived = part('showsArchived')

  const query = computed(() => parseQuery(text.value, notation))
  const found = computed(() => matchingRuns(runs.summaries, query.value, showsArchived.value))
  const matching = computed<readonly RunSummary[]>(() => {
    const [first, second] = sort.value
    // Newest first is how the list comes, and ten thousand dates need not be read for it.
    const isAsListed = first === undefined || (first.key === 'age' && !first.descending && !second)
    return isAsListed ? found.value : sortRuns(found.value, sort.value)
  })
  /** null where they are not grouped. */
  const groups = computed<readonly RunGroup[] | null>(() =>
    groupBy.value === null ? null : groupRuns(matching.value, groupBy.value),
  )

  /** Sorts by a column alone, or also by it; a second time turns its order round, a third takes it away again. */
  function sortBy(key: SortKey, isAlso: boolean): void {
    const known = sort.value.find((one) => one.key === key)
    if (!isAlso) {
      const isOnly = known !== undefined && sort.value.length === 1
      sort.value = [{ key, descending: isOnly ? !known.descending : false }]
    } else if (!known) sort.value = [...sort.value, { key, descending: false }]
    else if (!known.descending)
      sort.value = sort.value.map((one) => (one === known ? { key, descending: true } : one))
    else if (sort.value.length > 1) sort.value = sort.value.filter((one) => one !== known)
    else sort.value = [{ key, descending: false }]
  }

  /** Shows a column at the end, or puts it away; the name stays, for a run must be told from another. */
  function toggleColumn(key: ColumnKey): void {
    if (key === 'name') return
    columns.value = columns.value.includes(key)
      ? columns.value.filter((other) => other !== key)
      : [...columns.value, key]
  }

  /** Moves a shown column to where another one is. */
  function moveColumn(key: ColumnKey, to: ColumnKey): void {
    const from = columns.value.indexOf(key)
    const target = columns.value.indexOf(to)
    if (from < 0 || target < 0 || from === target) return
    columns.value = columns.value.toSpliced(from, 1).toSpliced(target, 0, key)
  }

  const groupName = (group: RunGroup): string => `${groupBy.value}:${group.value}`
  const isClosed = (group: RunGroup): boolean => closedGroups.value.includes(groupName(group))

  function toggleGroup(group: RunGroup): void {
    const name = groupName(group)
    closedGroups.value = isClosed(group)
      ? closedGroups.value.filter((other) => other !== name)
      : [...closedGroups.value, name].slice(-1_000)
  }

  return {
    view,
    text,
    sort,
    groupBy,
    columns,
    showsArchived,
    query,
    matching,
    groups,
    sortBy,
    toggleColumn,
    moveColumn,
    isClosed,
    toggleGroup,
  }
})
