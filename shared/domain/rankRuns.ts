import { comparedAt } from './halving.ts'
import type { RunSummary } from './run.ts'
import type { Sweep, SweepMeasure } from './sweep.ts'

/** A run's measure; null where it has none, or it is no number. */
export function valueOf(run: RunSummary, measure: SweepMeasure): number | null {
  const value = run[measure]
  return value === null || Number.isNaN(value) ? null : value
}

/**
 * The runs of a sweep, best first. Under successive halving those that came further stand before those that were
 * stopped sooner, whose values are of fewer iterations. Failed runs and runs without a value come last.
 */
export function rankRuns(
  runs: readonly RunSummary[],
  sweep: Pick<Sweep, 'base' | 'halving' | 'measure'>,
): RunSummary[] {
  const keyed = runs.map((run) => ({
    run,
    isOut: run.status === 'failed' || valueOf(run, sweep.measure) === null,
    stage: stageOf(run, sweep),
    value: valueOf(run, sweep.measure) ?? Infinity,
  }))
  keyed.sort(
    (a, b) =>
      Number(a.isOut) - Number(b.isOut) || b.stage - a.stage || a.value - b.value || a.run.id - b.run.id,
  )
  return keyed.map(({ run }) => run)
}

/** How many comparisons a run has come to; a finished one (converged, perhaps) has come through all. */
function stageOf(run: RunSummary, { base, halving }: Pick<Sweep, 'base' | 'halving'>): number {
  if (!halving) return 0
  const at = comparedAt(halving, base.iterations)
  return run.status === 'finished' ? at.length : at.filter((iteration) => run.iterations >= iteration).length
}
