import { z } from 'zod'
import { readRhoHat, readSeries, readSparklines } from '#db/queries/iterations.ts'
import { readRunChanges, readRunPage } from '#db/queries/runChanges.ts'
import { archiveRuns, getRun, insertRun, renameRun, setNotes, setTags } from '#db/queries/runs.ts'
import { readSnapshot, readSprites } from '#db/queries/snapshots.ts'
import type { WeightsSource } from '#main/export/startingWeights.ts'
import { seriesPage, type RunSummary } from '#shared/domain/run.ts'
import { engineChoices, runConfigSchema } from '#shared/domain/runConfig.ts'
import type { InitialWeightsChoice, StartRun } from '#shared/ipc/contract.ts'
import type { Handle } from './handle.ts'
import { reconstruct } from './reconstruct.ts'
import { id, ids, iteration, name, tags, token } from './schemas.ts'
import type { Services } from './services.ts'
import { fileOf } from './weights.ts'

const startRunSchema = z.strictObject({
  datasetId: id,
  config: runConfigSchema,
  name,
  preset: z.string().max(64).nullable(),
  tags,
  initialWeights: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('file'), token }),
      z.strictObject({ kind: z.literal('run'), runId: id, iteration: z.number().int().min(0).nullable() }),
    ])
    .optional(),
})

/**
 * Queues a new run.
 * @throws LabError notFound where the dataset is not there; badInput for its name or tags; shape for weights to start
 *   from that do not fit
 */
export async function startRun(services: Services, asked: StartRun): Promise<RunSummary> {
  const { library, sessions, transfers, changed, appVersion, machine } = services
  const { initialWeights, ...settings } = asked
  const run = { ...settings, appVersion, machine }
  const runId = initialWeights
    ? await transfers.run('insertRunWith', run, sourceOf(services, initialWeights))
    : insertRun(library, run)
  // Datasets show how many runs they have.
  changed({ runs: true, datasets: true })
  sessions.enqueue(runId)
  return getRun(library, runId)
}

const sourceOf = (services: Services, choice: InitialWeightsChoice): WeightsSource =>
  choice.kind === 'run' ? choice : { kind: 'file', ...fileOf(services, choice.token) }

export function handleRuns(handle: Handle, services: Services): void {
  handleReading(handle, services)
  handleStates(handle, services)
  handleEdits(handle, services)
}

function handleReading(handle: Handle, { library }: Services): void {
  handle('runs.page', z.tuple([id.nullable()]), (beforeId) => readRunPage(library, beforeId))
  handle('runs.changes', z.tuple([z.number().int().min(0)]), (since) => readRunChanges(library, since))
  handle('runs.get', z.tuple([id]), (runId) => getRun(library, runId))
  handle('runs.series', z.tuple([id, iteration]), (runId, after) =>
    readSeries(library, runId, after, seriesPage),
  )
  handle('runs.rhoHat', z.tuple([id, iteration]), (runId, at) => readRhoHat(library, runId, at))
  handle('runs.snapshot', z.tuple([id, iteration]), (runId, at) => readSnapshot(library, runId, at))
  handle(
    'runs.reconstructions',
    z.tuple([id, iteration, z.number().int().min(1).max(24)]),
    (runId, at, count) => reconstruct(library, runId, at, count),
  )
  handle('runs.sprites', z.tuple([ids]), (runIds) => readSprites(library, runIds))
  handle('runs.sparklines', z.tuple([ids]), (runIds) => readSparklines(library, runIds))
}

function handleStates(handle: Handle, services: Services): void {
  const { library, sessions, changed } = services
  handle('runs.start', z.tuple([startRunSchema]), (run) => startRun(services, run))
  handle('runs.stop', z.tuple([id, z.boolean().optional()]), (runId, atOnce) => {
    if (atOnce) sessions.stopNow(runId)
    else sessions.stop(runId)
    // The sessions tell of their own; of a run of another process nobody has told yet.
    changed({ runs: true, datasets: false })
    return null
  })
  handle('runs.pause', z.tuple([id]), (runId) => {
    sessions.pause(runId)
    return null
  })
  handle('runs.continue', z.tuple([id]), (runId) => {
    sessions.continue(runId)
    return null
  })
  handle('runs.resume', z.tuple([id, z.enum(engineChoices).optional()]), (runId, engine) => {
    sessions.enqueue(runId, engine)
    return getRun(library, runId)
  })
}

function handleEdits(handle: Handle, services: Services): void {
  const { library, sessions, trash, changed } = services
  handle('runs.rename', z.tuple([id, name]), (runId, name) => {
    renameRun(library, runId, name)
    changed({ runs: true, datasets: false })
    return getRun(library, runId)
  })
  handle('runs.setTags', z.tuple([id, tags]), (runId, tags) => {
    setTags(library, runId, tags)
    changed({ runs: true, datasets: false })
    return getRun(library, runId)
  })
  handle('runs.setNotes', z.tuple([id, z.string().max(100_000)]), (runId, notes) => {
    setNotes(library, runId, notes)
    changed({ runs: true, datasets: false })
    return null
  })
  for (const channel of ['runs.archive', 'runs.unarchive'] as const) {
    handle(channel, z.tuple([ids]), (runIds) => {
      archiveRuns(library, runIds, channel === 'runs.archive')
      changed({ runs: true, datasets: false })
      return null
    })
  }
  handle('runs.remove', z.tuple([ids]), (runIds) => {
    const waiting = new Set(sessions.queued())
    for (const runId of runIds) if (waiting.has(runId)) sessions.stop(runId)
    trash.remove(runIds)
    changed({ runs: true, datasets: true })
    return null
  })
  handle('runs.restore', z.tuple([ids]), (runIds) => {
    trash.restore(runIds)
    changed({ runs: true, datasets: true })
    return null
  })
}
