import type { RunDetail } from '#shared/domain/run.ts'
import { matchedAbove } from '#shared/filters/partners.ts'
import { varianceExplained } from '#shared/model/varianceExplained.ts'
import {
  formatCost,
  formatCount,
  formatFixed,
  formatRhoHat,
  formatShare,
  noValue,
} from '../../format/number.ts'
import { formatDuration } from '../../format/time.ts'
import type { PatchVariances } from '#shared/ipc/contract.ts'
import type { Results } from './results.ts'

export interface ComparedColumn {
  letter: string
  series: number
  detail: RunDetail
  results: Results | null
  medianNorm: number | null
  deadUnits: number | null
  /** Of its patches; null while they are awaited or where they are not known. */
  variances: PatchVariances | null
  /** How its filters match the first run's; null for that one. */
  match: { mean: number | null; matchedShare: number } | null
}

/** A line of the table: a value for each run, in their order. */
export interface ResultRow {
  name: string
  symbol?: 'rhoHat'
  values: string[]
}

/** Error and variance of the same patches; a dash where one of them is not known. */
const explained = (error: number | undefined, variance: number | null | undefined): string =>
  error === undefined || Number.isNaN(error) || variance === null || variance === undefined
    ? noValue
    : formatShare(varianceExplained(error, variance))

/** What the runs had reached at the cursor. */
export function resultRows(columns: readonly ComparedColumn[]): ResultRow[] {
  const of = (pick: (results: Results) => string): string[] =>
    columns.map(({ results }) => (results === null ? noValue : pick(results)))
  const holdsOut = columns.some(({ detail }) => detail.config.validation > 0)
  const iterations = of((results) => formatCount(results.iteration))
  return [
    // Said only where a run had ended before the others.
    ...(new Set(iterations).size > 1 ? [{ name: 'Iteration', values: iterations }] : []),
    { name: 'Cost', values: of((results) => formatCost(results.cost)) },
    { name: 'Reconstruction', values: of((results) => formatCost(results.reconstruction)) },
    {
      name: holdsOut ? 'Variance explained, trained on' : 'Variance explained',
      values: columns.map(({ results, variances }) => explained(results?.reconstruction, variances?.trained)),
    },
    ...(holdsOut
      ? [
          { name: 'Reconstruction, held out', values: of((results) => formatCost(results.validation)) },
          {
            name: 'Variance explained, held out',
            values: columns.map(({ results, variances }) =>
              explained(results?.validation, variances?.heldOut),
            ),
          },
        ]
      : []),
    { name: 'Weight decay', values: of((results) => formatCost(results.weightDecay)) },
    { name: 'Sparsity', values: of((results) => formatCost(results.sparsity)) },
    { name: 'mean', symbol: 'rhoHat' as const, values: of((results) => formatRhoHat(results.rhoHatMean)) },
    {
      name: 'Dead units',
      values: columns.map(({ deadUnits }) => (deadUnits === null ? noValue : formatCount(deadUnits))),
    },
    { name: 'Median weight norm', values: columns.map(({ medianNorm }) => formatFixed(medianNorm, 2)) },
    ...(columns.some(({ match }) => match !== null)
      ? [
          {
            name: `Mean match to ${columns[0].letter}`,
            values: columns.map(({ match }) => formatFixed(match?.mean, 2)),
          },
          {
            name: `Units matched above ${matchedAbove}`,
            values: columns.map(({ match }) =>
              match === null ? noValue : `${formatFixed(100 * match.matchedShare, 0)} %`,
            ),
          },
        ]
      : []),
    { name: 'Training time', values: of((results) => formatDuration(results.elapsedMs)) },
  ]
}
