import type { IterationColumns } from '#shared/domain/run.ts'

const recent = 20

/**
 * Iterations a second over the last few, from training time, so that a pause does not count.
 * @returns null before there are two iterations
 */
export function recentPace({ iteration, elapsedMs, count }: IterationColumns): number | null {
  if (count < 2) return null
  const from = Math.max(0, count - 1 - recent)
  const passedMs = elapsedMs[count - 1] - elapsedMs[from]
  return passedMs > 0 ? ((iteration[count - 1] - iteration[from]) * 1000) / passedMs : null
}
