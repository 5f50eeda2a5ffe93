import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { callOrShow } from '../ipc/call.ts'
import { useNavigation } from './navigation.ts'
import { useRuns } from './runs.ts'
import { useSelection } from './selection.ts'

/** Ready-made beginnings: sample images made from a seed with the Edges preset, and noise beside structure. */
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

  /** Trains one network on noise and on images, unless that is done, and shows both side by side. */
  async function compareNoise(): Promise<void> {
    if (isStarting.value) return
    isStarting.value = true
    const runs = await callOrShow('demo.noise')
    isStarting.value = false
    if (!runs) return
    runs.forEach((run) => useRuns().put(run))
    const runIds = runs.map(({ id }) => id)
    useSelection().clear()
    useSelection().add(runIds)
    useNavigation().go({ view: 'compare', runIds, story: 'noise' })
  }

  return { isStarting, start, compareNoise }
})
