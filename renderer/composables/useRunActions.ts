import { computed, shallowRef, watch } from 'vue'
import type { EngineChoice } from '#shared/domain/runConfig.ts'
import { callOrShow } from '../ipc/call.ts'
import type { LiveRun } from '../stores/liveRun.ts'
import { useRuns } from '../stores/runs.ts'

/** What can be done with one run from its own page. */
export function useRunActions(live: LiveRun, runId: number) {
  const runs = useRuns()
  const { detail } = live

  const canResume = computed(() => {
    const run = detail.value
    if (run === null) return false
    if (run.status === 'stopped' || run.status === 'interrupted') return true
    // A run that diverged would diverge again: its configuration cannot change.
    return run.status === 'failed' && run.outcome !== 'diverged' && run.hasCheckpoint
  })

  /** The status in which a stop or resume was asked for; it has been heard when the status is another. */
  const askedIn = shallowRef<string | null>(null)
  const isBusy = computed(() => askedIn.value !== null && askedIn.value === detail.value?.status)
  watch(
    () => detail.value?.status,
    () => (askedIn.value = null),
  )

  async function stop(): Promise<void> {
    askedIn.value = detail.value?.status ?? null
    if ((await callOrShow('runs.stop', runId)) === undefined) askedIn.value = null
    live.refresh()
  }

  /** Ends the process at once; what it did since its last checkpoint is lost. */
  async function stopNow(): Promise<void> {
    await callOrShow('runs.stop', runId, true)
    live.refresh()
  }

  /** Pauses a run that is running, continues one that is paused. */
  async function togglePause(): Promise<void> {
    const status = detail.value?.status
    if (status === 'running') await callOrShow('runs.pause', runId)
    else if (status === 'paused') await callOrShow('runs.continue', runId)
    live.refresh()
  }

  /** @param engine  another one than the run has */
  async function resume(engine?: EngineChoice): Promise<void> {
    askedIn.value = detail.value?.status ?? null
    const resumed = await callOrShow(
      'runs.resume',
      runId,
      ...(engine === undefined ? [] : ([engine] as const)),
    )
    if (resumed) runs.put(resumed)
    else askedIn.value = null
    live.refresh()
  }

  async function rename(name: string): Promise<void> {
    const renamed = await callOrShow('runs.rename', runId, name)
    if (renamed) runs.put(renamed)
    live.refresh()
  }

  return { canResume, isBusy, stop, stopNow, togglePause, resume, rename }
}
