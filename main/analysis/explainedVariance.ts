import type { Library } from '#db/library.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import type { ExplainedVariance } from '#shared/domain/runRemarks.ts'
import { varianceExplained } from '#shared/model/varianceExplained.ts'
import { patchVariances } from './patchVariances.ts'

/**
 * Shares of the variance of a run's patches that it explains. Error and variance are of the same patches: those it
 * trained on, or those held out.
 * @throws LabError notFound
 */
export function explainedVariance(
  library: Library,
  run: Pick<RunSummary, 'id' | 'reconstruction' | 'validation'>,
): ExplainedVariance {
  const { reconstruction, validation } = run
  if (reconstruction === null) return { trained: null, heldOut: null }
  try {
    const variances = patchVariances(library, run.id)
    const share = (error: number | null, variance: number | null) => {
      if (error === null || variance === null) return null
      const explained = varianceExplained(error, variance)
      return Number.isFinite(explained) ? explained : null
    }
    return {
      trained: share(reconstruction, variances.trained),
      heldOut: share(validation, variances.heldOut),
    }
  } catch (error) {
    // Of a run from a bundle the patches may not be here.
    if (error instanceof LabError && error.code !== 'notFound') return { trained: null, heldOut: null }
    throw error
  }
}
