import type { Library } from '#db/library.ts'
import { requestStop } from '#db/queries/runStates.ts'
import { listSweepRuns } from '#db/queries/sweepRuns.ts'
import { getSweep, setSweepStatus } from '#db/queries/sweeps.ts'
import { LabError } from '#shared/domain/labError.ts'
import { isUnderWay } from '#shared/domain/run.ts'

/**
 * Stops a sweep, whichever process carries it out: what waits at once, what runs with a checkpoint.
 * @param stopRun  how a run is stopped; by default by asking its owner through the library
 * @throws LabError notFound; conflict where it is not running
 */
export function stopSweep(
  library: Library,
  sweepId: number,
  stopRun: (runId: number) => void = (runId) => requestStop(library, runId),
): void {
  const { name, status } = getSweep(library, sweepId)
  if (status !== 'running') {
    throw new LabError('conflict', `The sweep "${name}" is ${status}; there is nothing to stop.`)
  }
  // First, so that no run that ends meanwhile brings another one.
  setSweepStatus(library, sweepId, 'stopped')
  const underWay = listSweepRuns(library, sweepId).filter((run) => isUnderWay(run.status))
  // What waits first: a running one that ends would make room for it.
  const waiting = underWay.filter((run) => run.status === 'queued')
  for (const { id } of [...waiting, ...underWay.filter((run) => run.status !== 'queued')]) stopRun(id)
}
