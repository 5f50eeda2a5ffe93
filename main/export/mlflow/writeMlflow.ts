import { createHash } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { beginPart, endPart, sweepParts } from '#db/unfinished.ts'
import type { Library } from '#db/library.ts'
import { openMlflowStore, type MlflowRun } from '#db/mlflowStore.ts'
import { getRun } from '#db/queries/runs.ts'
import { mlflowArtifacts, mlflowDatabase } from '#shared/domain/mlflowServer.ts'
import type { RunDetail, RunStatus } from '#shared/domain/run.ts'
import { makeFolder, type ExportedFile } from '../exportRuns.ts'
import { writeWhole } from '../writeWhole.ts'
import { artifacts, metrics, parameters, tags } from './runRecord.ts'

const experimentName = 'Rho Lab'

/**
 * Adds runs to an MLflow tracking store in a folder, `mlflow.db` with its artifacts beside, under the experiment
 * "Rho Lab": settings as parameters, the record as metrics, weights and filters as artifacts. Writing a run again
 * replaces it. Nothing in it says where the folder is.
 * @returns the absolute path of each run's artifacts
 * @throws LabError notFound; badInput where there are no weights yet, the folder cannot be written or holds another
 *   store; diskFull, libraryBusy, readOnly
 */
export async function writeMlflow(
  library: Library,
  runIds: readonly number[],
  folder: string,
  signal?: AbortSignal,
): Promise<ExportedFile[]> {
  const runs = runIds.map((id) => getRun(library, id))
  const root = await makeFolder(folder)
  const store = openMlflowStore(path.join(root, mlflowDatabase))
  try {
    const experiment = store.experiment(experimentName)
    const files: ExportedFile[] = []
    for (const run of runs) {
      const uuid = runUuid(run)
      const place = path.join(String(experiment), uuid, 'artifacts')
      const file = path.join(root, mlflowArtifacts, place)
      await writeArtifacts(library, run, file, signal)
      store.write(experiment, describe(library, run, uuid, place.split(path.sep).join('/')))
      files.push({ runId: run.id, file })
    }
    return files
  } finally {
    store.close()
  }
}

/** In a folder beside it first: nobody must see half of them. */
async function writeArtifacts(
  library: Library,
  run: RunDetail,
  target: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const parent = await makeFolder(path.dirname(target))
  await sweepParts(parent)
  const part = beginPart(parent)
  try {
    await makeFolder(part)
    for await (const { name, content } of artifacts(library, run)) {
      await writeWhole(path.join(part, name), content, signal)
    }
    await rm(target, { recursive: true, force: true })
    await rename(part, target)
  } finally {
    endPart(part)
  }
}

/** The same for the same run, so that it is not there twice. */
function runUuid({ id, createdAt, datasetHash, config }: RunDetail): string {
  const identity = JSON.stringify([id, createdAt, datasetHash, config])
  return createHash('sha256').update(identity).digest('hex').slice(0, 32)
}

/** MLflow's words for a run's state. @see mlflow/protos/service.proto, RunStatus */
const statuses: Record<RunStatus, MlflowRun['status']> = {
  running: 'RUNNING',
  paused: 'RUNNING',
  queued: 'SCHEDULED',
  finished: 'FINISHED',
  failed: 'FAILED',
  stopped: 'KILLED',
  interrupted: 'KILLED',
}

function describe(library: Library, run: RunDetail, uuid: string, place: string): MlflowRun {
  const startTime = Date.parse(run.startedAt ?? run.createdAt)
  return {
    uuid,
    name: run.name,
    status: statuses[run.status],
    startTime,
    endTime: run.endedAt === null ? null : Date.parse(run.endedAt),
    // MLflow's server looks for it below its --artifacts-destination, wherever that is.
    artifactUri: `mlflow-artifacts:/${place}`,
    params: parameters(run),
    tags: tags(run),
    metrics: metrics(library, run, startTime),
  }
}
