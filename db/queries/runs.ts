import { storedJson } from '#shared/domain/storedJson.ts'
import type { InitialWeights } from '#shared/domain/initialWeights.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { RunDetail, RunSummary, SnapshotRef } from '#shared/domain/run.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { toSummary, type RunRow } from '#shared/domain/runRow.ts'
import type { Library } from '../library.ts'
import { reading, writing } from '../transaction.ts'
import { refuseWithoutPatches } from './datasetCards.ts'
import { asId, checkedName, nameSome } from './naming.ts'
import { summaryColumns } from './runRows.ts'
import { writeTags } from './runEdits.ts'

export { restoreRun, type KeptRun } from './restoreRun.ts'
export { archiveRuns, renameRun, setNotes, setTags } from './runEdits.ts'
export { emptyTrash, removeRuns, trashRuns, untrashRuns } from './runRemoval.ts'
export { heartbeat } from './ownership.ts'
export {
  claimRun,
  endRun,
  markInterrupted,
  queueRun,
  requestStop,
  setEngine,
  type RunEnd,
} from './runStates.ts'

/** All runs, newest first; one statement over narrow rows, however long the runs are. */
export function listRuns(library: Library): RunSummary[] {
  // CROSS keeps runs outermost: in the order of their ids they need no sorting.
  const rows = reading(library, () =>
    library.db
      .prepare<[], RunRow>(
        `SELECT ${summaryColumns} FROM runs CROSS JOIN datasets ON datasets.id = dataset_id
         WHERE deleted_at IS NULL ORDER BY runs.id DESC`,
      )
      .all(),
  )
  return rows.map(toSummary)
}

interface DetailRow extends RunRow {
  notes: string
  initial_weights: string | null
  checkpoint_iteration: number | null
  dataset_hash: string
  dataset_patches: number
  app_version: string
  engine_versions: string
  machine: string
}

/** @throws LabError notFound */
export function getRun(library: Library, id: number): RunDetail {
  return reading(library, () => {
    const row = library.db
      .prepare<[number], DetailRow>(
        `SELECT ${summaryColumns}, notes, initial_weights,
           (SELECT iteration FROM checkpoints WHERE run_id = runs.id) AS checkpoint_iteration,
           dataset_hash, datasets.patches AS dataset_patches, app_version,
           engine_versions, machine
         FROM runs JOIN datasets ON datasets.id = dataset_id WHERE runs.id = ? AND deleted_at IS NULL`,
      )
      .get(id)
    if (!row) throw noRun(library, String(id))
    return {
      ...toSummary(row),
      notes: row.notes,
      initialWeights: row.initial_weights === null ? null : storedJson<InitialWeights>(row.initial_weights),
      datasetHash: row.dataset_hash,
      datasetPatches: row.dataset_patches,
      snapshots: library.db
        .prepare<[number], SnapshotRef>('SELECT iteration FROM snapshots WHERE run_id = ? ORDER BY iteration')
        .all(id),
      checkpointIteration: row.checkpoint_iteration,
      appVersion: row.app_version,
      engineVersions: storedJson<Record<string, string>>(row.engine_versions),
      machine: row.machine,
    }
  })
}

/**
 * A run by its id, its exact name, or its name in other letter case; a name must mean one run.
 * @throws LabError notFound, naming some runs there are; conflict where several runs have that name
 */
export function findRun(library: Library, idOrName: string): RunSummary {
  return reading(library, () => {
    const id = asId(idOrName)
    const ids = (where: string, value: string | number) =>
      library.db
        .prepare<{ value: string | number }, number>(
          `SELECT id FROM runs WHERE ${where} AND deleted_at IS NULL ORDER BY id`,
        )
        .pluck()
        .all({ value })
    const name = idOrName.trim()
    const candidates = [
      id === null ? [] : ids('id = @value', id),
      ids('name = @value COLLATE NOCASE AND name = @value', name),
      ids('name = @value COLLATE NOCASE', name),
    ].find((found) => found.length > 0)
    if (!candidates) throw noRun(library, idOrName)
    if (candidates.length > 1) {
      throw new LabError(
        'conflict',
        `${candidates.length} runs are called "${name}" (${candidates.slice(-8).join(', ')}). Give the number of one.`,
      )
    }
    return getRun(library, candidates[0])
  })
}

export interface NewRun {
  /** Blank: "Run" and its number. */
  name: string
  datasetId: number
  config: RunConfig
  preset: string | null
  tags: readonly string[]
  /** Written as its snapshot 0 next; random where left out. */
  initialWeights?: InitialWeights
  /** Of a sweep; absent for a run of its own. */
  sweepId?: number
  appVersion: string
  /** e.g. "Intel Xeon, 2 cores, 24 GB" */
  machine: string
}

/**
 * A new run, `queued`.
 * @returns its id, never used again even when the run is removed
 * @throws LabError notFound where the dataset is not there; badInput where it is here without its patches
 */
export function insertRun(library: Library, run: NewRun): number {
  return writing(library, () => {
    const hash = library.db
      .prepare<[number], string>('SELECT hash FROM datasets WHERE id = ?')
      .pluck()
      .get(run.datasetId)
    if (hash === undefined)
      throw new LabError('notFound', `There is no dataset ${run.datasetId}. Choose another one.`)
    refuseWithoutPatches(library, run.datasetId)
    const blank = run.name.trim() === ''
    const { lastInsertRowid } = library.db
      .prepare(
        `INSERT INTO runs (name, dataset_id, preset, status, created_at, config, initial_weights, dataset_hash,
           app_version, machine, sweep_id)
         VALUES (@name, @datasetId, @preset, 'queued', @createdAt, @config, @initialWeights, @hash, @appVersion,
           @machine, @sweepId)`,
      )
      .run({
        name: blank ? '' : checkedName(run.name, 'run'),
        datasetId: run.datasetId,
        preset: run.preset,
        createdAt: new Date().toISOString(),
        config: JSON.stringify(run.config),
        initialWeights: run.initialWeights ? JSON.stringify(run.initialWeights) : null,
        hash,
        appVersion: run.appVersion,
        machine: run.machine,
        sweepId: run.sweepId ?? null,
      })
    const id = Number(lastInsertRowid)
    if (blank) library.db.prepare('UPDATE runs SET name = ? WHERE id = ?').run(`Run ${id}`, id)
    writeTags(library, id, run.tags)
    return id
  })
}

function noRun(library: Library, idOrName: string): LabError {
  const newest = library.db
    .prepare<[], { id: number; name: string }>(
      'SELECT id, name FROM runs WHERE deleted_at IS NULL ORDER BY id DESC LIMIT 20',
    )
    .all()
  const rest =
    newest.length === 0 ? 'The library has none yet; train one.' : `The newest are ${nameSome(newest)}.`
  return new LabError('notFound', `There is no run "${idOrName}". ${rest}`)
}
