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
import type { Results } from './results.ts'

export interface ComparedColumn {
  letter: string
  series: number
  detail: RunDetail
  results: Results | null
  medianNorm: number | null
  deadUnits: number | null
  /** Of its dataset's patches; null while it is awaited or where it is not known. */
  variance: number | null
  /** How its filters match the first run's; null for that one. */
  match: { mean: number | null; matchedShare: number } | null
}

/** A line of the table: a value for each run, in their order. */
export interface ResultRow {
  name: string
  symbol?: 'rhoHat'
  values: string[]
}

/** What the runs had reached at the cursor. */
export function resultRows(columns: readonly ComparedColumn[]): ResultRow[] {
  const of = (pick: (results: Results) => string): string[] =>
    columns.map(({ results }) => (results === null ? noValue : pick(results)))
  const iterations = of((results) => formatCount(results.iteration))
  return [
    // Said only where a run had ended before the others.
    ...(new Set(iterations).size > 1 ? [{ name: 'Iteration', values: iterations }] : []),
    { name: 'Cost', values: of((results) => formatCost(results.cost)) },
    { name: 'Reconstruction', values: of((results) => formatCost(results.reconstruction)) },
    {
      name: 'Variance explained',
      values: columns.map(({ results, variance }) =>
        results === null || variance === null
          ? noValue
          : formatShare(varianceExplained(results.reconstruction, variance)),
      ),
    },
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
