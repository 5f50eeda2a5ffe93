import type { RunSummary } from '#shared/domain/run.ts'
import type { RunGroup } from '#shared/query/groupRuns.ts'

/** A line of the table: a run, or the head of a group. A run may stand in several groups, so keys name both. */
export type TableRow =
  | { kind: 'run'; key: string; run: RunSummary }
  | { kind: 'group'; key: string; group: RunGroup; isClosed: boolean }

export const runRowHeight = 48
export const groupRowHeight = 32

/** Runs in a row, or, where they are grouped, heads and the runs of the open groups. */
export function tableRows(
  runs: readonly RunSummary[],
  groups: readonly RunGroup[] | null,
  isClosed: (group: RunGroup) => boolean,
): TableRow[] {
  if (groups === null) return runs.map((run) => ({ kind: 'run', key: String(run.id), run }))
  return groups.flatMap((group): TableRow[] => {
    const closed = isClosed(group)
    const head: TableRow = { kind: 'group', key: `group ${group.value}`, group, isClosed: closed }
    if (closed) return [head]
    return [
      head,
      ...group.runs.map((run): TableRow => ({ kind: 'run', key: `${group.value} ${run.id}`, run })),
    ]
  })
}

/** Where each row begins, in CSS pixels, and at the end where the last one ends. */
export function rowTops(rows: readonly TableRow[]): Float64Array {
  const tops = new Float64Array(rows.length + 1)
  rows.forEach((row, i) => (tops[i + 1] = tops[i] + (row.kind === 'run' ? runRowHeight : groupRowHeight)))
  return tops
}

/** The row at a height; the nearest one above and below the table. */
export function rowAt(tops: Float64Array, y: number): number {
  let low = 0
  let high = tops.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (tops[middle] <= y) low = middle
    else high = middle - 1
  }
  return low
}
