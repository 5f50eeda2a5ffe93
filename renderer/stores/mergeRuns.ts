import type { RunSummary } from '#shared/domain/run.ts'

/**
 * A list with its changes. Runs that did not change stay the same objects, so that nothing is drawn anew for them.
 * @param runs newest first, as is the result; the same list where nothing changed
 */
export function mergeRuns(
  runs: readonly RunSummary[],
  changed: readonly RunSummary[],
  removed: readonly number[],
): readonly RunSummary[] {
  if (changed.length === 0 && removed.length === 0) return runs
  const news = new Map(changed.map((run) => [run.id, run]))
  const gone = new Set(removed)
  const kept: RunSummary[] = []
  for (const run of runs) {
    if (!gone.has(run.id)) kept.push(news.get(run.id) ?? run)
    news.delete(run.id)
  }
  if (news.size === 0) return kept
  return [...news.values(), ...kept].sort((a, b) => b.id - a.id)
}
