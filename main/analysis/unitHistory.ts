import type { Library } from '#db/library.ts'
import { lastRecorded, readFilters, readUnitRhoHat } from '#db/queries/units.ts'
import type { UnitHistory } from '#shared/domain/unit.ts'
import { runWithUnit } from './unitOf.ts'

const mostPoints = 1_000
const mostSnapshots = 12

/**
 * A hidden unit's average activation over the iterations, and its filter at a few snapshots.
 * @throws LabError notFound; badInput where a blob is damaged
 */
export function unitHistory(library: Library, runId: number, unit: number): UnitHistory {
  const { snapshots, visible: n } = runWithUnit(library, runId, unit)
  const wanted = chosenIterations(lastRecorded(library, runId))
  const shown = evenly(
    snapshots.map(({ iteration }) => iteration),
    mostSnapshots,
  )
  const filters = new Float32Array(shown.length * n)
  shown.forEach((iteration, i) => {
    const found = readFilters(library, runId, iteration, unit + 1)
    if (found) filters.set(found.W1.subarray(unit * n), i * n)
  })
  return { ...readUnitRhoHat(library, runId, unit, wanted), snapshots: shown, filters }
}

/** All iterations up to `last`, or so many evenly and as many logarithmically spaced: enough for either axis. */
export function chosenIterations(last: number, most = mostPoints): number[] {
  if (last < 2 * most) return Array.from({ length: last + 1 }, (_, k) => k)
  const chosen = new Set<number>()
  for (let k = 0; k <= most; k++) {
    chosen.add(Math.round((last * k) / most))
    chosen.add(Math.round(Math.expm1((Math.log1p(last) * k) / most)))
  }
  return [...chosen].sort((a, b) => a - b)
}

/** At most `count` of them, evenly spaced, the first and the last among them. */
export function evenly<T>(values: readonly T[], count: number): T[] {
  if (values.length <= count) return [...values]
  return Array.from({ length: count }, (_, k) => values[Math.round((k * (values.length - 1)) / (count - 1))])
}
