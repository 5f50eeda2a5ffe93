import { computed, shallowRef } from 'vue'
import { useSelection } from '../../stores/selection.ts'
import type { TableRow } from './tableRows.ts'

/**
 * The row that keys act on, and the row that a range starts from.
 * @param rows in the order shown
 * @param reveal scrolls to a row
 */
export function useRunCursor(rows: () => readonly TableRow[], reveal: (index: number) => void) {
  const selection = useSelection()
  const key = shallowRef<string | null>(null)
  let anchor: string | null = null

  const indexOf = (rowKey: string | null): number =>
    rowKey === null ? -1 : rows().findIndex((row) => row.key === rowKey)
  const row = computed<TableRow | null>(() => rows()[indexOf(key.value)] ?? null)

  /** The runs from the anchor to a row, in the direction of going; heads of groups are passed over. */
  function rangeTo(rowKey: string): number[] {
    const to = indexOf(rowKey)
    const anchored = indexOf(anchor)
    const from = anchored < 0 ? to : anchored
    const range = rows().slice(Math.min(from, to), Math.max(from, to) + 1)
    const runs = range.flatMap((one) => (one.kind === 'run' ? one.run.id : []))
    return from <= to ? runs : runs.toReversed()
  }

  /** Moves by rows (±Infinity to the ends), from before the first one when there is no cursor yet. */
  function move(by: number, isExtending: boolean): void {
    const list = rows()
    if (list.length === 0) return
    const from = indexOf(key.value)
    const to = Math.max(0, Math.min(list.length - 1, by === -Infinity ? 0 : from + by))
    if (isExtending && anchor === null) anchor = key.value
    key.value = list[to].key
    if (isExtending) selection.add(rangeTo(key.value))
    else anchor = key.value
    reveal(to)
  }

  function toggle(one: TableRow): void {
    key.value = anchor = one.key
    if (one.kind === 'run') selection.toggle(one.run.id)
  }

  /** Selects everything from the anchor to a row. */
  function extend(one: TableRow): void {
    anchor ??= key.value
    selection.add(rangeTo(one.key))
    key.value = anchor = one.key
  }

  /** Selects or deselects the cursor's run, or extends to it. */
  function select(isExtending: boolean): void {
    if (row.value === null) return
    if (isExtending) extend(row.value)
    else toggle(row.value)
  }

  return { key, row, move, toggle, extend, select }
}
