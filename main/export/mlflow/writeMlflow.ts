import { createHash } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Library } from '#db/library.ts'
import { getRun } from '#db/queries/runs.ts'
import type { RunDetail, RunStatus } from '#shared/domain/run.ts'
import { makeFolder, type ExportedFile } from '../exportRuns.ts'
import { openExperiment, type Experiment } from './experiment.ts'
import { runFiles } from './runFiles.ts'
import { writeWhole } from '../writeWhole.ts'
import { formatYaml } from './yaml.ts'

/**
 * Adds runs to an MLflow file store (the folder usually called `mlruns`), under the experiment "Rho Lab": settings as
 * parameters, the record as metrics, weights and filters as artifacts. Writing a run again replaces it.
 * @returns the absolute path of each run's folder
 * @throws LabError notFound; badInput where there are no weights yet or the folder cannot be written; diskFull
 */
export async function writeMlflow(
  library: Library,
  runIds: readonly number[],
  store: string,
): Promise<ExportedFile[]> {
  const runs = runIds.map((id) => getRun(library, id))
  const experiment = await openExperiment(store)
  const files: ExportedFile[] = []
  for (const run of runs) files.push({ runId: run.id, file: await writeRun(library, run, experiment) })
  return files
}

/** In a folder beside it first: MLflow must not see half a run. */
async function writeRun(library: Library, run: RunDetail, experiment: Experiment): Promise<string> {
  const uuid = runUuid(run)
  const target = path.join(experiment.folder, uuid)
  const part = path.join(path.dirname(experiment.folder), `.${uuid}.part`)
  try {
    await rm(part, { recursive: true, force: true })
    for (const folder of ['metrics', 'params', 'tags', 'artifacts']) await makeFolder(path.join(part, folder))
    for await (const { name, content } of runFiles(library, run)) {
      await writeWhole(path.join(part, name), typeof content === 'string' ? Buffer.from(content) : content)
    }
    const meta = describe(run, uuid, experiment.id, path.join(target, 'artifacts'))
    await writeWhole(path.join(part, 'meta.yaml'), Buffer.from(meta))
    await rm(target, { recursive: true, force: true })
    await rename(part, target)
    return target
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

/** The same for the same run, so that it is not there twice. */
function runUuid({ id, createdAt, datasetHash, config }: RunDetail): string {
  const identity = JSON.stringify([id, createdAt, datasetHash, config])
  return createHash('sha256').update(identity).digest('hex').slice(0, 32)
}

/** MLflow's numbers of a run's state. @see mlflow/protos/service.proto, RunStatus */
const statuses: Record<RunStatus, number> = {
  running: 1,
  paused: 1,
  queued: 2,
  finished: 3,
  failed: 4,
  stopped: 5,
  interrupted: 5,
}
const localSource = 4

function describe(run: RunDetail, uuid: string, experimentId: string, artifacts: string): string {
  return formatYaml({
    artifact_uri: pathToFileURL(artifacts).href,
    deleted_time: null,
    end_time: run.endedAt === null ? null : Date.parse(run.endedAt),
    entry_point_name: '',
    experiment_id: experimentId,
    lifecycle_stage: 'active',
    run_id: uuid,
    run_name: run.name,
    run_uuid: uuid,
    source_name: '',
    source_type: localSource,
    source_version: '',
    start_time: Date.parse(run.startedAt ?? run.createdAt),
    status: statuses[run.status],
    tags: [],
    user_id: '',
  })
}
