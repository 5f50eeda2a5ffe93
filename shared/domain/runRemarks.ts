import type { RunSummary } from './run.ts'

/** Shares of the variance of a run's patches that it explains: of those that it trained on, and of those held out. */
export interface ExplainedVariance {
  /** null where there is no result, or the patches are not here. */
  trained: number | null
  /** null where none are held out too. */
  heldOut: number | null
}

/** A run that explains less than this has learnt nothing but the mean patch. */
const leastExplained = 0.01

/** What to know about how a run ended before its numbers are believed: sentences, none where all went well. */
export function runRemarks(
  run: Pick<RunSummary, 'status' | 'outcome' | 'iterations' | 'deadUnits' | 'config'>,
  { trained }: ExplainedVariance,
): string[] {
  const remarks: string[] = []
  if (run.outcome === 'lineSearchFailed') {
    remarks.push(
      `The line search ended it at iteration ${run.iterations}: no step along its direction lowered the cost. Where the gradient is small it has arrived; else try Adam, or values nearer to what the decoder reaches.`,
    )
  }
  if (run.status === 'finished' && trained !== null && trained < leastExplained) {
    remarks.push(
      `It has collapsed: it explains ${(100 * trained).toFixed(1)} % of the variance of its patches, no more than their mean does. Give it more iterations, lower β or λ, or patches with values that its decoder reaches.`,
    )
  }
  const { deadUnits, config } = run
  if ((run.status === 'finished' || run.status === 'stopped') && deadUnits !== null && deadUnits > 0) {
    const who = deadUnits === 1 ? '1 unit is' : `${deadUnits} units are`
    remarks.push(
      `${who} dead, of ${config.hidden}: average activation below a tenth of the target ${config.rho}. Take fewer units, or a larger β.`,
    )
  }
  return remarks
}
