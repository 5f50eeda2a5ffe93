import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { isUnderWay, type RunSummary } from '#shared/domain/run.ts'
import { call, showError } from '../ipc/call.ts'
import { createRefresher } from './refresher.ts'

/** All runs of the library, newest first, as main last told them. */
export const useRuns = defineStore('runs', () => {
  const summaries = shallowRef<readonly RunSummary[]>([])
  /** False until the first list has arrived: nothing is called empty before. */
  const isLoaded = shallowRef(false)

  const byId = computed(() => new Map(summaries.value.map((run) => [run.id, run])))
  const live = computed(() => summaries.value.filter((run) => isUnderWay(run.status)))

  async function refresh(): Promise<void> {
    try {
      summaries.value = await call('runs.list')
      isLoaded.value = true
    } catch (error) {
      showError(error)
    }
  }

  /** Puts a summary that a call returned in the list, ahead of the next refresh. */
  function put(run: RunSummary): void {
    summaries.value = byId.value.has(run.id)
      ? summaries.value.map((known) => (known.id === run.id ? run : known))
      : [run, ...summaries.value]
  }

  /** Asks for the list again soon; cheap to call often. */
  const invalidate = createRefresher(refresh)

  return { summaries, isLoaded, byId, live, refresh, put, invalidate }
})
