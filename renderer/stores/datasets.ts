import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { whitens, type DatasetSummary } from '#shared/domain/dataset.ts'
import { call, showError } from '../ipc/call.ts'
import { createRefresher } from './refresher.ts'

/** All datasets of the library, newest first. */
export const useDatasets = defineStore('datasets', () => {
  const summaries = shallowRef<readonly DatasetSummary[]>([])
  const isLoaded = shallowRef(false)

  const byId = computed(() => new Map(summaries.value.map((dataset) => [dataset.id, dataset])))

  /** Whether its patches are whitened; false for one that is not known. */
  function isWhitened(id: number): boolean {
    const dataset = byId.value.get(id)
    return dataset !== undefined && whitens(dataset.normalisation)
  }

  async function refresh(): Promise<void> {
    try {
      const listed = await call('datasets.list')
      summaries.value = listed.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id - a.id)
      isLoaded.value = true
    } catch (error) {
      showError(error)
    }
  }

  const invalidate = createRefresher(refresh)

  return { summaries, isLoaded, byId, isWhitened, refresh, invalidate }
})
