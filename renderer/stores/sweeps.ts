import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { SweepSummary } from '#shared/domain/sweep.ts'
import { call, showError } from '../ipc/call.ts'
import { createRefresher } from './refresher.ts'

/** All sweeps of the library, newest first. */
export const useSweeps = defineStore('sweeps', () => {
  const summaries = shallowRef<readonly SweepSummary[]>([])
  const isLoaded = shallowRef(false)
  const byId = computed(() => new Map(summaries.value.map((sweep) => [sweep.id, sweep])))

  async function refresh(): Promise<void> {
    try {
      summaries.value = await call('sweeps.list')
      isLoaded.value = true
    } catch (error) {
      showError(error)
    }
  }

  const invalidate = createRefresher(refresh)

  return { summaries, isLoaded, byId, refresh, invalidate }
})
