import type { PlannedRun } from './planSweep.ts'
import type { Sweep } from './sweep.ts'

/** A text that runs share which differ in their seed only; where the seed is what varies, no two share it. */
export function candidateOf({ config, datasetId }: PlannedRun, { axes }: Pick<Sweep, 'axes'>): string {
  const varies = (name: string) => axes.some(({ parameter }) => parameter === name)
  return JSON.stringify([
    varies('seed') ? config : { ...config, seed: null },
    varies('dataset') ? datasetId : null,
  ])
}

/** Things that share a key, in the order of the first of each. */
export function groupsOf<T>(things: readonly T[], keyOf: (thing: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const thing of things) {
    const key = keyOf(thing)
    const group = groups.get(key)
    if (group) group.push(thing)
    else groups.set(key, [thing])
  }
  return [...groups.values()]
}

/** A missing value counts as the worst; null where there is none, or where too many are missing. */
export function median(values: readonly (number | null)[]): number | null {
  if (values.length === 0) return null
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const value = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  return Number.isFinite(value) ? value : null
}
