import { computed } from 'vue'
import type { ExportFormat } from '#shared/ipc/contract.ts'
import { formatCountOf } from '../../format/number.ts'
import { callOrShow } from '../../ipc/call.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSelection } from '../../stores/selection.ts'
import { useToasts } from '../../stores/toasts.ts'

/** What the selection bar does with the selected runs. */
export function useRunActions() {
  const runs = useRuns()
  const selection = useSelection()
  const toasts = useToasts()

  const removeQuestion = computed(() => {
    const [only] = selection.runIds
    return selection.count === 1
      ? `Delete “${runs.byId.get(only)?.name ?? 'the run'}”?`
      : `Delete ${formatCountOf(selection.count, 'run')}?`
  })

  /** Exports one run after another, each with its own question where to; stops at the first that is cancelled. */
  async function exportSelected(format: ExportFormat): Promise<void> {
    for (const runId of selection.runIds) {
      const path = await callOrShow('runs.export', runId, format, null)
      if (!path) return
      toasts.done(`Saved ${path}`)
    }
  }

  async function removeSelected(): Promise<void> {
    const ids = [...selection.runIds]
    const answer = await callOrShow('runs.remove', ids)
    if (answer === undefined) return
    selection.clear()
    await runs.refresh()
  }

  return { exportSelected, removeSelected, removeQuestion }
}
