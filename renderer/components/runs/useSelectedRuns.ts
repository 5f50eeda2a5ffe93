import { computed } from 'vue'
import { formatCountOf } from '../../format/number.ts'
import { callOrShow } from '../../ipc/call.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSelection } from '../../stores/selection.ts'

/** What the selection bar does with the selected runs. */
export function useSelectedRuns() {
  const runs = useRuns()
  const selection = useSelection()

  const removeQuestion = computed(() => {
    const [only] = selection.runIds
    return selection.count === 1
      ? `Delete “${runs.byId.get(only)?.name ?? 'the run'}”?`
      : `Delete ${formatCountOf(selection.count, 'run')}?`
  })

  async function removeSelected(): Promise<void> {
    const ids = [...selection.runIds]
    const answer = await callOrShow('runs.remove', ids)
    if (answer === undefined) return
    selection.clear()
    await runs.refresh()
  }

  return { removeSelected, removeQuestion }
}
