import path from 'node:path'
import type { Library } from '#db/library.ts'
import { readWhitening } from '#db/queries/datasets.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { readRhoHats } from '#db/queries/rhoHats.ts'
import { getRun } from '#db/queries/runs.ts'
import { listSnapshots, readSnapshot } from '#db/queries/snapshots.ts'
import type { RunDetail } from '#shared/domain/run.ts'
import { makeFolder, runName, type ExportedFile } from '../exportRuns.ts'
import { formatPng, namedFilterPictures } from '../filterPng.ts'
import { writeParts } from '../writeWhole.ts'
import { summaryRecord, versionRecord, type EventValue } from './eventFile.ts'
import { eventHistogram } from './eventHistogram.ts'

/**
 * Writes runs as TensorBoard event files, a folder a run: `tensorboard --logdir FOLDER` shows the cost and its parts,
 * the gradient's norm and ρ̂'s mean as scalars, ρ̂ over the hidden units as histograms, and the filters of every
 * snapshot as images, over whitened patches in pixels too. Writing a run again replaces its file.
 * @returns the absolute path of each file
 * @throws LabError notFound; badInput where the folder cannot be written; diskFull
 */
export async function writeTensorboard(
  library: Library,
  runIds: readonly number[],
  folder: string,
  signal?: AbortSignal,
): Promise<ExportedFile[]> {
  const files: ExportedFile[] = []
  for (const runId of runIds) {
    const run = getRun(library, runId)
    const runFolder = await makeFolder(path.join(folder, runName(library, runId)))
    const seconds = Math.floor(startMs(run) / 1000)
    // TensorBoard knows event files by this name, and would add a second one to the first.
    const file = path.join(runFolder, `events.out.tfevents.${seconds}.rho-lab`)
    files.push({ runId, file: await writeParts(file, records(library, run), signal) })
  }
  return files
}

/** When training began, as far as it is known. */
const startMs = ({ startedAt, createdAt }: RunDetail) => Date.parse(startedAt ?? createdAt)

const scalars = [
  ['cost/total', 'cost'],
  ['cost/reconstruction', 'reconstruction'],
  ['cost/weight decay', 'weightDecay'],
  ['cost/sparsity', 'sparsity'],
  ['validation', 'validation'],
  ['gradient norm', 'gradientNorm'],
  ['step length', 'stepLength'],
  ['rho hat/mean', 'rhoHatMean'],
] as const

async function* records(library: Library, run: RunDetail): AsyncGenerator<Uint8Array> {
  const start = startMs(run) / 1000
  const series = readSeries(library, run.id, -1)
  const wallTimes = new Map(
    Array.from(series.iteration, (iteration, k) => [iteration, start + series.elapsedMs[k] / 1000]),
  )
  const record = (step: number, values: EventValue[]) =>
    summaryRecord({ wallTime: wallTimes.get(step) ?? start, step, values })

  yield versionRecord(start)
  for (let k = 0; k < series.count; k++) {
    const values = scalars.map(([tag, column]) => ({ tag, scalar: series[column][k] }))
    // NaN is what was not measured.
    const measured = values.filter(({ scalar }) => !Number.isNaN(scalar))
    if (measured.length > 0) yield record(series.iteration[k], measured)
  }
  for (const { iteration, rhoHat } of readRhoHats(library, run.id)) {
    const histogram = eventHistogram(rhoHat)
    if (histogram) yield record(iteration, [{ tag: 'rho hat', histogram }])
  }
  // Rows that are no square patches have no filters to draw.
  if (run.patchSize === null) return
  const whitening = readWhitening(library, run.datasetId)
  for (const { iteration } of listSnapshots(library, run.id)) {
    const snapshot = readSnapshot(library, run.id, iteration)
    if (!snapshot) continue
    for (const { name: tag, picture } of namedFilterPictures(run, snapshot.weights.W1, whitening)) {
      const { width, height } = picture
      yield record(iteration, [{ tag, image: { width, height, png: await formatPng(picture) } }])
    }
  }
}
