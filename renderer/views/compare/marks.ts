import { maxCompared, type SelectedRun } from '../../stores/selection.ts'

/** A compared run with its letter and series. */
export interface Mark {
  runId: number
  letter: string
  series: number
}

/**
 * Letters and series of compared runs: those of the selection, where a run is still selected, else the first free.
 * No two runs share either; more than eight runs are not compared.
 */
export function marksOf(
  runIds: readonly number[],
  selected: (runId: number) => SelectedRun | undefined,
): Mark[] {
  const compared = [...new Set(runIds)].slice(0, maxCompared)
  const marks = new Map<number, Mark>()
  const taken = new Set<number>()
  for (const runId of compared) {
    const run = selected(runId)
    if (run === undefined || taken.has(run.series)) continue
    taken.add(run.series)
    marks.set(runId, { runId, letter: run.letter, series: run.series })
  }
  for (const runId of compared) {
    if (marks.has(runId)) continue
    // A letter stands for one series only, so that a free series' letter is free too.
    let series = 1
    while (taken.has(series)) series++
    taken.add(series)
    marks.set(runId, { runId, letter: String.fromCharCode(64 + series), series })
  }
  return compared.flatMap((runId) => marks.get(runId) ?? [])
}
