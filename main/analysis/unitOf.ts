import type { Library } from '#db/library.ts'
import { getRun } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { RunDetail, Snapshot } from '#shared/domain/run.ts'

/** @throws LabError notFound where the run has no such unit */
export function runWithUnit(library: Library, runId: number, unit: number): RunDetail {
  const run = getRun(library, runId)
  const { hidden } = run.config
  if (unit < hidden) return run
  throw new LabError(
    'notFound',
    `Run ${runId} has ${hidden} hidden units; there is no unit ${unit + 1}. Choose another one.`,
  )
}

/** A run and its weights at an iteration. @throws LabError notFound where there is no such unit, or no weights yet */
export function unitOf(
  library: Library,
  runId: number,
  unit: number,
  iteration: number,
): { run: RunDetail; snapshot: Snapshot } {
  const run = runWithUnit(library, runId, unit)
  const snapshot = readSnapshot(library, runId, iteration)
  if (snapshot) return { run, snapshot }
  throw new LabError('notFound', `Run ${runId} has no weights yet. Wait for its first snapshot.`)
}
