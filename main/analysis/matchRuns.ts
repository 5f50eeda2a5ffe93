import type { Library } from '#db/library.ts'
import { getRun } from '#db/queries/runs.ts'
import { readFilters } from '#db/queries/units.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import type { MatchedPair, MatchedRuns } from '#shared/domain/unit.ts'
import { matchFilters } from '#shared/filters/matchFilters.ts'
import { mostMatchedUnits } from '#shared/filters/partners.ts'

/**
 * Matches the filters of every two runs by their newest weights. Two runs are no pair if their patches differ in size
 * or colours, if one has no weights yet, or if one has more than 2,000 hidden units.
 * @throws LabError notFound where a run is not there; badInput where a blob is damaged
 */
export function matchRuns(library: Library, runIds: readonly number[]): MatchedRuns {
  const runs = runIds.map((runId) => ({ run: getRun(library, runId), filters: readFilters(library, runId) }))
  const pairs: MatchedPair[] = []
  runs.forEach((a, first) => {
    for (let second = first + 1; second < runs.length; second++) {
      const b = runs[second]
      if (a.filters === null || b.filters === null || !canBeMatched(a.run, b.run)) continue
      const match = matchFilters(a.filters.W1, b.filters.W1, a.run.visible)
      pairs.push({ first, second, ...match })
    }
  })
  return {
    runs: runs.map(({ run, filters }) => ({
      runId: run.id,
      iteration: filters?.iteration ?? null,
      units: run.config.hidden,
    })),
    pairs,
  }
}

/** Whether filters of two runs can be laid over each other, and are few enough to be. */
const canBeMatched = (a: RunSummary, b: RunSummary): boolean =>
  a.visible === b.visible &&
  a.patchSize === b.patchSize &&
  a.channels === b.channels &&
  Math.max(a.config.hidden, b.config.hidden) <= mostMatchedUnits
