import type { EndedStatus, IterationColumns, RunDetail } from '#shared/domain/run.ts'
import type { Library } from '../library.ts'
import { bytesOf } from '../bytes.ts'
import { writing } from '../transaction.ts'
import { iterationColumns } from './iterations.ts'
import { checkedName } from './naming.ts'
import type { RhoHatRecord } from './rhoHats.ts'
import { writeTags } from './runEdits.ts'
import { summariseRun } from './summariseRun.ts'

/** A run that was carried out elsewhere: what its row says and what it recorded. */
export interface KeptRun extends Pick<
  RunDetail,
  | 'name'
  | 'config'
  | 'initialWeights'
  | 'preset'
  | 'outcome'
  | 'message'
  | 'notes'
  | 'tags'
  | 'engine'
  | 'engineVersions'
  | 'appVersion'
  | 'machine'
  | 'createdAt'
  | 'startedAt'
  | 'endedAt'
> {
  /** Nobody carries it out here. */
  status: EndedStatus
  series: IterationColumns
  rhoHats: Iterable<RhoHatRecord>
}

/**
 * A run as it was recorded elsewhere, under a new number; its snapshots and checkpoint are written after it.
 * @returns its id
 * @throws LabError badInput for a blank name or a tag that is too long; libraryBusy, diskFull
 */
export function restoreRun(library: Library, datasetId: number, datasetHash: string, run: KeptRun): number {
  const { series, rhoHats, tags, ...row } = run
  return writing(library, () => {
    const { lastInsertRowid } = library.db
      .prepare(
        `INSERT INTO runs (name, dataset_id, preset, status, outcome, created_at, started_at, ended_at, config,
           initial_weights, engine, message, dataset_hash, app_version, engine_versions, machine, notes)
         VALUES (@name, @datasetId, @preset, @status, @outcome, @createdAt, @startedAt, @endedAt, @config,
           @initialWeights, @engine, @message, @datasetHash, @appVersion, @engineVersions, @machine, @notes)`,
      )
      .run({
        ...row,
        name: checkedName(row.name, 'run'),
        datasetId,
        datasetHash,
        config: JSON.stringify(row.config),
        initialWeights: row.initialWeights === null ? null : JSON.stringify(row.initialWeights),
        engine: row.engine === null ? null : JSON.stringify(row.engine),
        engineVersions: JSON.stringify(row.engineVersions),
      })
    const id = Number(lastInsertRowid)
    writeTags(library, id, tags)
    insertIterations(library, id, series)
    const insertRhoHat = library.db.prepare(
      'INSERT INTO rho_hats (run_id, iteration, rho_hat) VALUES (?, ?, ?)',
    )
    for (const { iteration, rhoHat } of rhoHats) insertRhoHat.run(id, iteration, bytesOf(rhoHat))
    summariseRun(library, id)
    return id
  })
}

function insertIterations(library: Library, id: number, { count, ...series }: IterationColumns): void {
  const columns = Object.entries(iterationColumns) as [keyof typeof series, string][]
  const insert = library.db.prepare(
    `INSERT INTO iterations (run_id, ${columns.map(([, name]) => name).join(', ')})
     VALUES (?, ${columns.map(() => '?').join(', ')})`,
  )
  for (let k = 0; k < count; k++) insert.run(id, ...columns.map(([column]) => series[column][k]))
}
