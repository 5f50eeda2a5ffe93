import { computed } from 'vue'
import type { RunSummary } from '#shared/domain/run.ts'
import { callOrShow } from '../../ipc/call.ts'
import { useRemoval } from '../../stores/removal.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSelection } from '../../stores/selection.ts'

/**
 * What can be done with the selected runs, or, where none is selected, with the one that the cursor is on.
 * @param atCursor the run that the cursor is on, if any
 */
export function useSelectedRuns(atCursor: () => RunSummary | null) {
  const runs = useRuns()
  const selection = useSelection()

  const acting = computed<readonly RunSummary[]>(() => {
    if (selection.count > 0) return selection.runIds.flatMap((id) => runs.byId.get(id) ?? [])
    const run = atCursor()
    return run === null ? [] : [run]
  })
  const ids = computed(() => acting.value.map((run) => run.id))

  const remove = (): Promise<void> => useRemoval().remove(ids.value)

  /** Archives them, or, where all of them are archived, takes them out again. */
  async function archive(): Promise<void> {
    if (acting.value.length === 0) return
    const channel = acting.value.every((run) => run.isArchived) ? 'runs.unarchive' : 'runs.archive'
    if ((await callOrShow(channel, ids.value)) === undefined) return
    selection.clear()
    await runs.refresh()
  }

  return { acting, remove, archive }
}
