import type { EngineGradientCheck } from '#shared/domain/gradientCheck.ts'
import { formatScientific } from './number.ts'

/** ‖g − ĝ‖ / ‖g + ĝ‖ in two figures: 3.1e−8. */
export const formatDifference = (ratio: number): string =>
  Number.isNaN(ratio) ? 'NaN' : formatScientific(Number(ratio.toPrecision(2)))

/** What a gradient check found, in words. */
export function gradientVerdict({
  passed,
  normRatio,
  limit,
}: Pick<EngineGradientCheck, 'passed' | 'normRatio' | 'limit'>): string {
  if (Number.isNaN(normRatio)) {
    return 'The gradient cannot be right: it is not a number. Look for values in the patches that are none.'
  }
  const difference = `it differs from central differences by ${formatDifference(normRatio)}, the limit is ${formatScientific(limit)}.`
  return passed
    ? `The gradient is right: ${difference}`
    : `The gradient is wrong: ${difference} Choose another engine.`
}
