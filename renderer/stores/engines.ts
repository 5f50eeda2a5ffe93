import { defineStore } from 'pinia'
import { computed } from 'vue'
import { z } from 'zod'
import { engineStatusSchema } from '#shared/domain/engineStatus.ts'
import { callOrShow } from '../ipc/call.ts'
import { stored } from './stored.ts'

/**
 * What this machine can compute with. To find out takes a process and a hidden window, more than the rest of a start: it
 * waits until somebody wants to know, and until then what was found last is told.
 */
export const useEngines = defineStore('engines', () => {
  const list = stored('engines', z.array(engineStatusSchema), [])
  const automatic = computed(() => list.value.find(({ auto }) => auto) ?? null)
  let isLooking = false

  /** Once for as long as the window is open. */
  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    const found = await callOrShow('engines.list')
    if (found) list.value = found
    else isLooking = false
  }

  return { list, automatic, look }
})
