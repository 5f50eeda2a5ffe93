import type { IterationColumns } from '#shared/domain/run.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { activeShare } from '#shared/model/activations.ts'
import { countDeadUnits } from '#shared/model/rhoHat.ts'
import type { ShownFilters } from '../../composables/useSnapshot.ts'
import { lastIndexUpTo } from '../../charts/nearest.ts'
import type { XQuantity } from '../../charts/xAxis.ts'

/** What a run had reached at one point of its training; NaN where that is not known. */
export interface Results {
  iteration: number
  cost: number
  reconstruction: number
  weightDecay: number
  sparsity: number
  /** Of the patches held out. */
  validation: number
  rhoHatMean: number
  elapsedMs: number
}

/** The last iteration of a run up to a value of the x axis; null before its first. */
export function resultsAt(
  columns: IterationColumns,
  x: XQuantity,
  value: number,
  config: RunConfig,
): Results | null {
  const i = lastIndexUpTo(columns[x], value)
  if (i < 0) return null
  return {
    iteration: columns.iteration[i],
    cost: columns.cost[i],
    reconstruction: columns.reconstruction[i],
    weightDecay: columns.weightDecay[i],
    sparsity: columns.sparsity[i],
    validation: columns.validation[i],
    rhoHatMean: activeShare(config.activation, columns.rhoHatMean[i]),
    elapsedMs: columns.elapsedMs[i],
  }
}

/** The middle value; NaN where there is none. */
export function median(values: Float32Array): number {
  const ascending = values.toSorted()
  const middle = ascending.length / 2
  if (ascending.length === 0) return NaN
  return Number.isInteger(middle)
    ? (ascending[middle - 1] + ascending[middle]) / 2
    : ascending[Math.floor(middle)]
}

/** What the shown filters say. */
export const filterResults = (shown: ShownFilters, norms: Float32Array, config: RunConfig) => ({
  deadUnits: countDeadUnits(shown.rhoHat, config),
  medianNorm: median(norms),
})
