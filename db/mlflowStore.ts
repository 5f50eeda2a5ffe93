import Database from 'better-sqlite3'
import { LabError } from '#shared/domain/labError.ts'
import { nativeBindingOf } from './library.ts'
import { mlflowRevision, mlflowSchema } from './mlflowSchema.ts'
import { refuseOtherThanFile } from './regularFile.ts'

const busyTimeoutMs = 5000
/** What MLflow keeps for a metric that is infinite. */
const largest = Number.MAX_VALUE

/** A run as MLflow keeps it. Times are ms since 1970. */
export interface MlflowRun {
  /** 32 hexadecimal digits. */
  uuid: string
  name: string
  status: 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED'
  startTime: number
  endTime: number | null
  /** Where its artifacts are. */
  artifactUri: string
  params: Readonly<Record<string, string>>
  tags: Readonly<Record<string, string>>
  /** Each with its values in the order of their steps; none that is not a number. */
  metrics: Readonly<Record<string, readonly MlflowValue[]>>
}

export interface MlflowValue {
  step: number
  value: number
  timestamp: number
}

export interface MlflowStore {
  /** The number of an experiment; made where it is missing. @throws LabError badInput where it was deleted in MLflow */
  experiment(name: string): number
  /** Adds a run, or replaces what was written of it before; tags that others gave it stay. All of it or nothing. */
  write(experiment: number, run: MlflowRun): void
  close(): void
}

/**
 * Opens the SQLite file of an MLflow tracking store; made, with its tables, where it is missing.
 * @throws LabError badInput where it is none, or of an MLflow whose tables are others; libraryBusy, diskFull, readOnly
 */
export function openMlflowStore(file: string): MlflowStore {
  refuseOtherThanFile(file, 'Choose another folder.')
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw explain(error, file)
    }
  }
  const db = guarded(() => new Database(file, { timeout: busyTimeoutMs, nativeBinding: nativeBindingOf({}) }))
  try {
    guarded(() => {
      db.pragma('foreign_keys = ON')
      db.transaction(() => prepare(db)).immediate()
    })
  } catch (error) {
    db.close()
    throw error
  }
  return {
    experiment: (name) => guarded(() => db.transaction(() => experimentOf(db, name, file)).immediate()),
    write: (experiment, run) =>
      guarded(() => db.transaction(() => writeRun(db, experiment, run)).immediate()),
    close: () => void db.close(),
  }
}

function prepare(db: Database.Database): void {
  if (db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() !== 0) {
    // Names of columns that are not there are found here, before anything is written.
    db.prepare('SELECT version_num FROM alembic_version').get()
    return
  }
  db.exec(mlflowSchema)
  db.prepare('INSERT INTO alembic_version (version_num) VALUES (?)').run(mlflowRevision)
  // MLflow takes runs of no experiment for those of number 0.
  addExperiment(db, 'Default', 0)
}

function experimentOf(db: Database.Database, name: string, file: string): number {
  const found = db
    .prepare<[string], { id: number; stage: string }>(
      'SELECT experiment_id AS id, lifecycle_stage AS stage FROM experiments WHERE name = ?',
    )
    .get(name)
  if (found === undefined) return addExperiment(db, name)
  if (found.stage === 'active') return found.id
  throw new LabError(
    'badInput',
    `The experiment "${name}" of ${file} was deleted. Restore it in MLflow or choose another folder.`,
  )
}

/** @param id  the next one where left out */
function addExperiment(db: Database.Database, name: string, id: number | null = null): number {
  const now = Date.now()
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO experiments (experiment_id, name, lifecycle_stage, creation_time, last_update_time)
       VALUES (?, ?, 'active', ?, ?)`,
    )
    .run(id, name, now, now)
  const added = Number(lastInsertRowid)
  db.prepare('UPDATE experiments SET artifact_location = ? WHERE experiment_id = ?').run(
    `mlflow-artifacts:/${added}`,
    added,
  )
  return added
}

function writeRun(db: Database.Database, experiment: number, run: MlflowRun): void {
  const { uuid, name, status, startTime, endTime, artifactUri } = run
  db.prepare(
    `INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time,
       end_time, source_version, lifecycle_stage, artifact_uri, experiment_id, deleted_time)
     VALUES (@uuid, @name, 'LOCAL', '', '', '', @status, @startTime, @endTime, '', 'active', @artifactUri,
       @experiment, NULL)
     ON CONFLICT (run_uuid) DO UPDATE SET name = excluded.name, status = excluded.status,
       start_time = excluded.start_time, end_time = excluded.end_time, lifecycle_stage = 'active',
       artifact_uri = excluded.artifact_uri, experiment_id = excluded.experiment_id, deleted_time = NULL`,
  ).run({ uuid, name, status, startTime, endTime, artifactUri, experiment })

  for (const table of ['metrics', 'latest_metrics', 'params']) {
    db.prepare(`DELETE FROM ${table} WHERE run_uuid = ?`).run(uuid)
  }
  const addParam = db.prepare('INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)')
  for (const [key, value] of Object.entries(run.params)) addParam.run(key, value, uuid)
  const addTag = db.prepare(
    `INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)
     ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value`,
  )
  for (const [key, value] of Object.entries(run.tags)) addTag.run(key, value, uuid)

  const columns = '(key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, 0, ?)'
  const addMetric = db.prepare(`INSERT INTO metrics ${columns}`)
  const addLatest = db.prepare(`INSERT INTO latest_metrics ${columns}`)
  for (const [key, values] of Object.entries(run.metrics)) {
    const row = ({ value, timestamp, step }: MlflowValue) =>
      [key, Math.min(largest, Math.max(-largest, value)), timestamp, step, uuid] as const
    for (const value of values) addMetric.run(...row(value))
    const last = values.at(-1)
    if (last) addLatest.run(...row(last))
  }
}

function explain(error: unknown, file: string): unknown {
  if (error instanceof LabError || !(error instanceof Error)) return error
  const sentence = (code: LabError['code'], message: string) => new LabError(code, message, { cause: error })
  const code = String((error as { code?: unknown }).code)
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return sentence('libraryBusy', `${file} is being written by another program. Stop MLflow and try again.`)
  }
  if (code === 'SQLITE_FULL') {
    return sentence('diskFull', `The disk is full: ${file} was not written. Make space and try again.`)
  }
  if (/^SQLITE_(READONLY|PERM|CANTOPEN)/.test(code)) {
    return sentence('readOnly', `${file} cannot be written. Change its permissions or choose another folder.`)
  }
  // No such table or column, a column that must have a value, or no database at all.
  if (/^SQLITE_(ERROR|CONSTRAINT|NOTADB|CORRUPT)/.test(code)) {
    return sentence(
      'badInput',
      `${file} is no MLflow store that can be added to (${error.message}). Choose another folder.`,
    )
  }
  return error
}
