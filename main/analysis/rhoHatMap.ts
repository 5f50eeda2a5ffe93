import type { Library } from '#db/library.ts'
import { readRhoHatsAt } from '#db/queries/rhoHatsAt.ts'
import { getRun } from '#db/queries/runs.ts'
import { lastRecorded } from '#db/queries/units.ts'
import type { RhoHatMap } from '#shared/domain/rhoHatMap.ts'
import { chosenIterations } from './unitHistory.ts'

/** Evenly spaced, and as many again denser at the start: enough for either axis. */
const mostPoints = 200

/**
 * Average activation of every hidden unit over training, at about 400 iterations of a long run.
 * @throws LabError notFound
 */
export function rhoHatMap(library: Library, runId: number): RhoHatMap {
  const { hidden } = getRun(library, runId).config
  const wanted = chosenIterations(lastRecorded(library, runId), mostPoints)
  const records = readRhoHatsAt(library, runId, wanted).filter(({ rhoHat }) => rhoHat.length === hidden)
  const rhoHat = new Float32Array(records.length * hidden)
  records.forEach((record, i) => rhoHat.set(record.rhoHat, i * hidden))
  return { iteration: Float64Array.from(records, (record) => record.iteration), hidden, rhoHat }
}
