import type { Library } from '#db/library.ts'
import { listSweepRuns, measureAt } from '#db/queries/sweepRuns.ts'
import type { DatasetDetail } from '#shared/domain/dataset.ts'
import { candidateOf } from '#shared/domain/candidates.ts'
import { getDataset } from '#db/queries/datasets.ts'
import { leftShare, nextHalvingStep, type HalvingStep } from '#shared/domain/halving.ts'
import { isUnderWay } from '#shared/domain/run.ts'
import type { SweepSummary } from '#shared/domain/sweep.ts'

/** Runs to carry out now, to the end where `stopAfter` is null; of those that wait, the ones not told so yet. */
export type SweepStep = Omit<HalvingStep, 'goOn'> & { goOn: { runId: number; stopAfter: number | null }[] }

/**
 * What a sweep does next, from what the library says of its runs.
 * @param revive  also takes up runs that were stopped or interrupted
 */
export function nextSweepStep(library: Library, { id, sweep }: SweepSummary, revive: boolean): SweepStep {
  const runs = listSweepRuns(library, id)
  const constantErrors = new Map<number, number>()
  function constantError(datasetId: number): number {
    const known = constantErrors.get(datasetId) ?? constantErrorOf(getDataset(library, datasetId))
    constantErrors.set(datasetId, known)
    return known
  }
  if (sweep.halving) {
    const step = nextHalvingStep(
      sweep.halving,
      sweep.base.iterations,
      runs.map((run) => ({
        ...run,
        candidate: candidateOf(run, sweep),
        valueAt: (iteration) => measureAt(library, run.id, sweep.measure, iteration),
        hasLeftStart: (iteration) =>
          (measureAt(library, run.id, 'reconstruction', iteration) ?? Infinity) <
          (1 - leftShare) * constantError(run.datasetId),
      })),
      revive,
    )
    const silent = new Set(runs.flatMap((run) => (run.message === null ? [run.id] : [])))
    return { ...step, waits: step.waits.filter(({ runId }) => silent.has(runId)) }
  }
  const due = runs.filter(
    ({ status }) => isUnderWay(status) || (revive && (status === 'stopped' || status === 'interrupted')),
  )
  return {
    goOn: due.map((run) => ({ runId: run.id, stopAfter: null })),
    waits: [],
    out: [],
    comparisons: [],
  }
}

/** The reconstruction error of the best patch of one value everywhere: half the variance of all values, n times. */
const constantErrorOf = ({ visible, statistics }: DatasetDetail): number =>
  (visible * statistics.after.deviation ** 2) / 2
