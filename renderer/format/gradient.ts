import { gradientParts, judgedRatio, type EngineGradientCheck } from '#shared/domain/gradientCheck.ts'
import { formatScientific } from './number.ts'

/** ‖g − ĝ‖ / ‖g + ĝ‖ in two figures: 3.1e−8. */
export const formatDifference = (ratio: number): string =>
  Number.isNaN(ratio) ? 'NaN' : formatScientific(Number(ratio.toPrecision(2)))

/** What a gradient check found, in words. */
export function gradientVerdict({
  passed,
  parts,
  limit,
}: Pick<EngineGradientCheck, 'passed' | 'parts' | 'limit'>): string {
  const within = `within ${formatScientific(limit)}`
  if (passed) return `The gradient is right: each part is ${within} of what it must be.`
  if (gradientParts.some((part) => Number.isNaN(judgedRatio(parts[part])))) {
    return 'The gradient cannot be right: it is not a number. Look for values in the patches that are none.'
  }
  const wrong = gradientParts.filter((part) => !parts[part].passed).join(', ')
  return `The gradient is wrong in ${wrong}: not ${within} of what it must be. Choose another engine.`
}
