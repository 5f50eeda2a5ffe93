import type { RunSummary } from '../domain/run.ts'
import { toSummary, type RunRow } from '../domain/runRow.ts'

/**
 * Many runs as one text: the bridge between main and the window copies objects value by value, which for ten thousand
 * runs takes longer than everything else together.
 */
export type PackedRuns = string

interface Table {
  /** Names of RunRow, in the order of each row's values. */
  columns: readonly string[]
  rows: readonly (readonly unknown[])[]
  /** JSON has no infinity: where one stands, [row, column, sign]. */
  infinite?: readonly (readonly [number, number, number])[]
}

export function packRuns({ columns, rows }: Table): PackedRuns {
  const infinite = rows.flatMap((row, i) =>
    row.flatMap((value, j) =>
      value === Infinity || value === -Infinity ? [[i, j, Math.sign(value)] as const] : [],
    ),
  )
  return JSON.stringify({ columns, rows, infinite })
}

export function unpackRuns(packed: PackedRuns): RunSummary[] {
  const { columns, rows, infinite } = JSON.parse(packed) as Required<Table> & { rows: unknown[][] }
  for (const [i, j, sign] of infinite) rows[i][j] = sign * Infinity
  return rows.map((values) => {
    const row: Record<string, unknown> = {}
    for (let j = 0; j < columns.length; j++) row[columns[j]] = values[j]
    return toSummary(row as unknown as RunRow)
  })
}
