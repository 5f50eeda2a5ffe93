import type { Library } from '#db/library.ts'
import { getRun } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Snapshot } from '#shared/domain/run.ts'
import type { ExportFormat } from '#shared/ipc/contract.ts'
import { filterPicture, formatPng } from './filterPng.ts'
import { formatNpz, weightArrays } from './npz.ts'
import { writeWhole } from './writeWhole.ts'

export interface ExportOptions {
  format: ExportFormat
  /** The snapshot nearest to and not after it; the newest where there is none given. */
  iteration?: number | null
  file: string
}

/**
 * Writes a run's weights (`npz`: W1, W2, b1, b2, rhoHat, config) or its filter grid (`png`), whole or not at all.
 * @returns the absolute path
 * @throws LabError notFound; badInput where there are no weights yet or the file cannot be written; diskFull
 */
export async function exportRun(
  library: Library,
  runId: number,
  { format, iteration, file }: ExportOptions,
): Promise<string> {
  const run = getRun(library, runId)
  const { weights, rhoHat } = weightsAt(library, runId, iteration)
  if (format === 'png') return writeWhole(file, await formatPng(filterPicture(run, weights.W1)))
  return writeWhole(
    file,
    formatNpz({
      ...weightArrays(weights),
      rhoHat: { shape: [weights.hidden], values: rhoHat },
      config: JSON.stringify(run.config),
    }),
  )
}

/** @throws LabError notFound, badInput */
export function weightsAt(library: Library, runId: number, iteration?: number | null): Snapshot {
  const snapshot = readSnapshot(library, runId, iteration ?? Number.MAX_SAFE_INTEGER)
  if (snapshot) return snapshot
  throw new LabError(
    'badInput',
    `Run ${runId} has no weights yet. Wait for its first iterations, or choose another run.`,
  )
}
