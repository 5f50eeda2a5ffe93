import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { EngineStatus } from '#shared/domain/engineStatus.ts'
import type { LibrarySummary } from '#shared/ipc/contract.ts'
import { callOrShow } from '../ipc/call.ts'

/** The library and the machine it is on: read once, they do not change while the window is open. */
export const useLibrary = defineStore('library', () => {
  const summary = shallowRef<LibrarySummary | null>(null)
  const engines = shallowRef<readonly EngineStatus[]>([])

  const automaticEngine = computed(() => engines.value.find((engine) => engine.auto) ?? null)

  async function load(): Promise<void> {
    const [library, list] = await Promise.all([callOrShow('library.summary'), callOrShow('engines.list')])
    if (library) summary.value = library
    if (list) engines.value = list
  }

  return { summary, engines, automaticEngine, load }
})
