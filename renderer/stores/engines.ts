import { defineStore } from 'pinia'
import { computed } from 'vue'
import { z } from 'zod'
import { engineNames } from '#shared/domain/runConfig.ts'
import { callOrShow } from '../ipc/call.ts'
import { stored } from './stored.ts'

const statusSchema = z.object({
  engine: z.enum(engineNames),
  available: z.boolean(),
  device: z.string(),
  reason: z.string(),
  auto: z.boolean(),
})

/**
 * What this machine can compute with. To find out takes a process and a hidden window, more than the rest of a start: it
 * waits until somebody wants to know, and until then what was found last is told.
 */
export const useEngines = defineStore('engines', () => {
  const list = stored('engines', z.array(statusSchema), [])
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
