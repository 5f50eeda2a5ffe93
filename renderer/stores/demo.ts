import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { callOrShow } from '../ipc/call.ts'
import { useNavigation } from './navigation.ts'
import { useRuns } from './runs.ts'

/** The demo: sample images made from a seed, and the Edges preset on them. */
export const useDemo = defineStore('demo', () => {
  const isStarting = shallowRef(false)

  async function start(): Promise<void> {
    if (isStarting.value) return
    isStarting.value = true
    const run = await callOrShow('demo.start')
    isStarting.value = false
    if (!run) return
    useRuns().put(run)
    useNavigation().go({ view: 'run', runId: run.id })
  }

  return { isStarting, start }
})
