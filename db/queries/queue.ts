import { LabError } from '#shared/domain/labError.ts'
import type { UnderWay } from '#shared/domain/run.ts'
import type { Library } from '../library.ts'
import { ownerOfClaim, readOwner, type RunOwner } from '../owner.ts'
import { reading, writing } from '../transaction.ts'
import { gone, statusOf } from './runEdits.ts'

/** A run that some process trains, or that waits in its queue. */
export interface RunUnderWay {
  runId: number
  name: string
  status: UnderWay
  /** Among those that wait in the same queue, from 1; null for a run that has its turn. */
  place: number | null
  iterations: number
  /** Iterations at its end. */
  plannedIterations: number
  datasetName: string
  sweepId: number | null
  /** Whose queue it is in; null where that is not known. */
  process: RunOwner | null
}

interface Row extends Omit<RunUnderWay, 'process'> {
  owner: string | null
}

/** What is under way in a library, whichever processes have it: queue by queue, what trains first. */
export function listQueue(library: Library): RunUnderWay[] {
  const rows = reading(library, () =>
    library.db
      .prepare<[], Row>(
        `SELECT runs.id AS runId, runs.name, status, owner, iterations, config ->> '$.iterations' AS plannedIterations,
           datasets.name AS datasetName, sweep_id AS sweepId,
           iif(status = 'queued', row_number() OVER (PARTITION BY owner, status = 'queued' ORDER BY turn, runs.id), NULL)
             AS place
         FROM runs JOIN datasets ON datasets.id = dataset_id
         WHERE status IN ('running', 'paused', 'queued') AND deleted_at IS NULL
         ORDER BY status = 'queued', place, runs.id`,
      )
      .all(),
  )
  return rows
    .toSorted((a, b) => queueName(a).localeCompare(queueName(b)))
    .map(({ owner, ...row }) => ({ ...row, process: owner === null ? null : readOwner(owner) }))
}

/** A process has another name for each run that it has taken. */
const queueName = ({ owner }: Row): string => (owner === null ? '' : ownerOfClaim(owner))

/** Says in which order runs wait in an owner's queue: [run, turn] each; what waits there no more keeps its turn. */
export function setTurns(
  library: Library,
  owner: string,
  turns: readonly (readonly [number, number])[],
): void {
  writing(library, () => {
    const set = library.db.prepare('UPDATE runs SET turn = ? WHERE id = ? AND owner = ?')
    for (const [id, turn] of turns) set.run(turn, id, owner)
  })
}

/**
 * Asks a run's owner, whichever process that is, to pause it or to go on with it.
 * @throws LabError notFound; conflict where it does not have its turn
 */
export function requestPause(library: Library, id: number, pause: boolean): void {
  writing(library, () => {
    const status = statusOf(library, id)
    if (status === undefined) throw gone(id)
    if (status !== 'running' && status !== 'paused') {
      const mend =
        status === 'queued'
          ? 'It waits for its turn; stop it to take it out of the queue'
          : 'Resume it to train it'
      throw new LabError('conflict', `Run ${id} is ${status}, not training. ${mend}.`)
    }
    library.db.prepare('UPDATE runs SET pause_requested = ? WHERE id = ?').run(pause ? 1 : 0, id)
  })
}
