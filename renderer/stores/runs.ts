import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { isUnderWay, type RunSummary } from '#shared/domain/run.ts'
import { unpackRuns } from '#shared/ipc/packedRuns.ts'
import { call, showError } from '../ipc/call.ts'
import { mergeRuns } from './mergeRuns.ts'
import { createRefresher } from './refresher.ts'

/** All runs of the library, newest first, as main last told them. */
export const useRuns = defineStore('runs', () => {
  const summaries = shallowRef<readonly RunSummary[]>([])
  /** False until the first runs have arrived: nothing is called empty before. */
  const isLoaded = shallowRef(false)
  /** False while older runs are still on their way. */
  const isComplete = shallowRef(false)
  /** What has been heard of; null before the list is complete. */
  let revision: number | null = null
  let last: Promise<void> = Promise.resolve()

  const byId = computed(() => new Map(summaries.value.map((run) => [run.id, run])))
  const live = computed(() => summaries.value.filter((run) => isUnderWay(run.status)))

  /** Page by page; the first one is shown at once. What changes meanwhile is asked for afterwards. */
  async function load(): Promise<void> {
    const loaded: RunSummary[] = []
    let heardOf: number | null = null
    let asked = call('runs.page', null)
    for (;;) {
      const page = await asked
      heardOf ??= page.revision
      // Main reads the next page while this one is unpacked.
      if (page.next !== null) asked = call('runs.page', page.next)
      loaded.push(...unpackRuns(page.rows))
      if (page.next === null) break
      if (isLoaded.value) continue
      summaries.value = loaded.slice()
      isLoaded.value = true
    }
    summaries.value = loaded
    isLoaded.value = isComplete.value = true
    revision = heardOf
  }

  async function fetchChanges(since: number): Promise<void> {
    const changes = await call('runs.changes', since)
    revision = changes.revision
    summaries.value = mergeRuns(summaries.value, unpackRuns(changes.rows), changes.removed)
  }

  /** One after the other: an older answer must not come after a newer one. */
  function refresh(): Promise<void> {
    last = last.then(() => (revision === null ? load() : fetchChanges(revision))).catch(showError)
    return last
  }

  /** Puts a summary that a call returned in the list, ahead of the next refresh. */
  function put(run: RunSummary): void {
    summaries.value = mergeRuns(summaries.value, [run], [])
  }

  /** Takes runs out of the list, ahead of the next refresh. */
  function drop(ids: readonly number[]): void {
    summaries.value = mergeRuns(summaries.value, [], ids)
  }

  /** Asks for the list again soon; cheap to call often. */
  const invalidate = createRefresher(refresh)

  return { summaries, isLoaded, isComplete, byId, live, refresh, put, drop, invalidate }
})
