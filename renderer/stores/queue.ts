import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { ParallelChoice, QueueState } from '#shared/domain/queueState.ts'
import { call, callOrShow, showError } from '../ipc/call.ts'
import { createRefresher } from './refresher.ts'
import { useRuns } from './runs.ts'
import { useSettings } from './settings.ts'

const empty: QueueState = {
  active: [],
  waiting: [],
  parallel: { choice: 'auto', count: 1, proposal: { count: 1, engine: 'auto' } },
  cores: 1,
}

/** The runs that this process trains or will train, in the order of their turns. */
export const useQueue = defineStore('queue', () => {
  const runs = useRuns()
  const state = shallowRef<QueueState>(empty)
  const isOpen = shallowRef(false)

  const known = (ids: readonly number[]) => ids.flatMap((id) => runs.byId.get(id) ?? [])
  const active = computed(() => known(state.value.active))
  const waiting = computed(() => known(state.value.waiting))
  /** Under way, but in the hands of another process. */
  const elsewhere = computed(() => {
    const own = new Set([...state.value.active, ...state.value.waiting])
    return runs.live.filter((run) => !own.has(run.id))
  })

  async function refresh(): Promise<void> {
    try {
      state.value = await call('queue.get')
    } catch (error) {
      showError(error)
    }
  }
  /** Asks for the queue again soon; cheap to call often. */
  const invalidate = createRefresher(refresh)

  async function move(runId: number, place: number): Promise<void> {
    const others = state.value.waiting.filter((id) => id !== runId)
    if (others.length === state.value.waiting.length) return
    state.value = { ...state.value, waiting: others.toSpliced(place, 0, runId) }
    await callOrShow('queue.move', runId, place)
    await refresh()
  }

  async function setParallel(parallel: ParallelChoice): Promise<void> {
    await useSettings().change({ parallel })
    await refresh()
  }

  return { state, isOpen, active, waiting, elsewhere, refresh, invalidate, move, setParallel }
})
