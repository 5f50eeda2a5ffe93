import type { Library } from '#db/library.ts'
import { readCheckpoint } from '#db/queries/checkpoints.ts'
import { patchesFile } from '#db/queries/datasets.ts'
import { getRun } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { stopAfterOf } from '#db/queries/sweepRuns.ts'
import type { EngineChoice } from '#shared/domain/runConfig.ts'
import type { Settings } from '#shared/domain/settings.ts'
import { thetaFromWeights } from '#shared/model/theta.ts'
import type { SessionStart } from './protocol.ts'
import type { ClaimedRun } from './runQueue.ts'

/** Of the user's settings, what sessions go by. */
export type SessionSettings = Pick<Settings, 'threads' | 'checkpointSeconds' | 'engine'>

/** What a session needs to know of its run; brings the run's rows back to its checkpoint. */
export function startMessage(
  library: Library,
  { runId, store }: ClaimedRun,
  { threads, checkpointSeconds }: SessionSettings,
  engine?: EngineChoice,
): SessionStart {
  const run = getRun(library, runId)
  // First what may refuse: a run whose patches are not here keeps its record.
  const patches = patchesFile(library, run.datasetId)
  const checkpoint = readCheckpoint(library, runId)
  // A snapshot without any iteration was put there before the start: weights to start from.
  const given = run.cost === null ? readSnapshot(library, runId, 0) : null
  if (!given) store.rewind(checkpoint?.iteration ?? -1)
  return {
    type: 'start',
    runId,
    config: engine ? { ...run.config, engine } : run.config,
    patches,
    m: run.datasetPatches,
    n: run.visible,
    stopAfter: stopAfterOf(library, runId),
    checkpoint: checkpoint?.bytes ?? null,
    engine: checkpoint ? run.engine : null,
    threads: threads === 'auto' ? null : threads,
    checkpointMs: checkpointSeconds * 1_000,
    initialTheta: given ? thetaFromWeights(given.weights) : null,
  }
}
