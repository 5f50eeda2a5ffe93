import { shallowRef } from 'vue'
import type { RunSummary } from '#shared/domain/run.ts'
import { useSelection } from '../../stores/selection.ts'

/**
 * The row that keys act on, and the row that a range starts from.
 * @param runs the runs in the order shown
 * @param reveal scrolls to a row
 */
export function useRunCursor(runs: () => readonly RunSummary[], reveal: (index: number) => void) {
  const selection = useSelection()
  const id = shallowRef<number | null>(null)
  let anchor: number | null = null

  const indexOf = (runId: number | null): number => runs().findIndex((run) => run.id === runId)

  function rangeTo(runId: number): number[] {
    const from = indexOf(anchor)
    const to = indexOf(runId)
    if (from < 0) return [runId]
    const range = runs().slice(Math.min(from, to), Math.max(from, to) + 1)
    return (from <= to ? range : range.toReversed()).map((run) => run.id)
  }

  /** Moves by rows (±Infinity to the ends), from before the first one when there is no cursor yet. */
  function move(by: number, isExtending: boolean): void {
    const list = runs()
    if (list.length === 0) return
    const from = indexOf(id.value)
    const to = Math.max(0, Math.min(list.length - 1, by === -Infinity ? 0 : from + by))
    if (isExtending && anchor === null) anchor = id.value
    id.value = list[to].id
    if (isExtending) selection.add(rangeTo(id.value))
    else anchor = id.value
    reveal(to)
  }

  function toggle(runId: number): void {
    id.value = anchor = runId
    selection.toggle(runId)
  }

  /** Selects everything from the anchor to a run. */
  function extend(runId: number): void {
    anchor ??= id.value
    selection.add(rangeTo(runId))
    id.value = anchor = runId
  }

  /** Selects or deselects the cursor's run, or extends to it. */
  function select(isExtending: boolean): void {
    if (id.value === null) return
    if (isExtending) extend(id.value)
    else toggle(id.value)
  }

  return { id, move, toggle, extend, select }
}
