import type { Library } from '#db/library.ts'
import { readCheckpoint } from '#db/queries/checkpoints.ts'
import { readPositions } from '#db/queries/datasetImages.ts'
import { getDataset, normalisationOf, readLabels, readPatches, readWhitening } from '#db/queries/datasets.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { readRhoHats } from '#db/queries/rhoHats.ts'
import { getRun } from '#db/queries/runs.ts'
import { listSnapshots, readSnapshot } from '#db/queries/snapshots.ts'
import type { DatasetDetail } from '#shared/domain/dataset.ts'
import { isUnderWay, type RunDetail, type Snapshot } from '#shared/domain/run.ts'
import { thetaLayout, thetaViews } from '#shared/model/theta.ts'
import { formatWeightsNpz } from '../npz.ts'
import { datasetFiles, runFiles } from './fileNames.ts'
import type { BundledDataset, BundledRun } from './manifest.ts'
import { npyFile } from './npyFile.ts'

export interface BundleFile {
  name: string
  bytes: Uint8Array
}

// A dataset of thousands of images has more than anybody looks at.
const mostThumbnailBytes = 128 << 20

/**
 * The files of a dataset in a bundle, one at a time.
 * @returns what the manifest says of it
 */
export function* datasetBundleFiles(
  library: Library,
  id: number,
  place: number,
  withPatches: boolean,
): Generator<BundleFile, BundledDataset> {
  const dataset = getDataset(library, id)
  const { visible: n, patches: m, preview } = dataset
  const name = datasetFiles(place)
  const hasPatches = withPatches && dataset.sizeBytes > 0
  const whitening = readWhitening(library, id)
  const positions = hasPatches ? readPositions(library, id) : null
  const thumbnails = hasPatches ? firstThumbnails(dataset) : new Map<number, Uint8Array>()

  yield { name: name.previewAfter, bytes: npyFile([preview.count, n], preview.after) }
  if (preview.before) yield { name: name.previewBefore, bytes: npyFile([preview.count, n], preview.before) }
  if (whitening) yield { name: name.whitening, bytes: npyFile([n, n], whitening.matrix) }
  if (positions) yield { name: name.positions, bytes: npyFile([m, 3], positions) }
  const labels = hasPatches ? readLabels(library, id) : null
  if (labels) yield { name: name.labels, bytes: npyFile([m], labels.indices) }
  if (hasPatches) {
    yield { name: name.thumbnails, bytes: Buffer.concat([...thumbnails.values()]) }
    yield { name: name.patches, bytes: npyFile([m, n], readPatches(library, id)) }
  }
  return {
    name: dataset.name,
    kind: dataset.kind,
    origin: dataset.origin,
    notes: dataset.notes,
    patches: m,
    visible: n,
    hash: dataset.hash,
    patchSize: dataset.patchSize,
    channels: dataset.channels,
    normalisation: dataset.normalisation,
    seed: dataset.seed,
    recipe: dataset.recipe,
    statistics: dataset.statistics,
    skippedFiles: dataset.skippedFiles,
    images: dataset.imagesList.map(({ index, file, width, height, patches, thumbnail }) => ({
      file,
      width,
      height,
      patches,
      thumbnail: thumbnails.has(index) && thumbnail ? sizeOf(thumbnail) : { width: 0, height: 0 },
    })),
    preview: { count: preview.count, before: preview.before !== null },
    whitening: whitening !== null,
    hasPatches,
    positions: positions !== null,
    classes: labels?.classes ?? null,
    columnNames: dataset.columnNames,
    importRemarks: dataset.importRemarks,
  }
}

const sizeOf = ({ width, height }: { width: number; height: number }) => ({ width, height })

/** RGBA by the image's index, as many as are worth their bytes. */
function firstThumbnails({ imagesList }: DatasetDetail): Map<number, Uint8Array> {
  const thumbnails = new Map<number, Uint8Array>()
  let left = mostThumbnailBytes
  for (const { index, thumbnail } of imagesList) {
    left -= thumbnail?.rgba.length ?? 0
    if (left < 0) break
    if (thumbnail) thumbnails.set(index, thumbnail.rgba)
  }
  return thumbnails
}

/**
 * The files of a run in a bundle, one at a time.
 * @param dataset place of its dataset in the bundle
 * @param withCheckpoint what is needed to go on with it
 * @returns what the manifest says of it
 */
export function* runBundleFiles(
  library: Library,
  id: number,
  place: number,
  { dataset, withCheckpoint }: { dataset: number; withCheckpoint: boolean },
): Generator<BundleFile, BundledRun> {
  const run = getRun(library, id)
  const name = runFiles(place)
  const h = run.config.hidden
  const { count, ...columns } = readSeries(library, id, -1)
  const metrics = Object.keys(columns)
  yield {
    name: name.metrics,
    bytes: npyFile([count, metrics.length], interleave(Object.values(columns), count)),
  }

  const rhoHats = [...readRhoHats(library, id)]
  const iterations = Float64Array.from(rhoHats, ({ iteration }) => iteration)
  yield { name: name.rhoHatIterations, bytes: npyFile([rhoHats.length], iterations) }
  yield {
    name: name.rhoHat,
    bytes: npyFile(
      [rhoHats.length, h],
      stack(
        rhoHats.map(({ rhoHat }) => rhoHat),
        h,
      ),
    ),
  }

  const snapshots: number[] = []
  const snapshotRhoHats: Float32Array[] = []
  let newest: Snapshot | null = null
  for (const { iteration } of listSnapshots(library, id)) {
    const snapshot = readSnapshot(library, id, iteration)
    if (snapshot?.iteration !== iteration) continue
    snapshots.push(iteration)
    snapshotRhoHats.push(snapshot.rhoHat)
    const theta = thetaOf(snapshot)
    yield { name: name.snapshot(iteration), bytes: npyFile([theta.length], theta) }
    newest = snapshot
  }
  yield { name: name.snapshotRhoHat, bytes: npyFile([snapshots.length, h], stack(snapshotRhoHats, h)) }
  if (newest)
    yield {
      name: name.weights,
      bytes: formatWeightsNpz({
        ...newest,
        config: run.config,
        normalisation: normalisationOf(library, run.datasetId),
      }),
    }

  const checkpoint = withCheckpoint ? readCheckpoint(library, id) : null
  if (checkpoint) yield { name: name.checkpoint, bytes: checkpoint.bytes }
  return {
    ...describe(run),
    dataset,
    iterations: count,
    metrics,
    rhoHats: rhoHats.length,
    snapshots,
    checkpoint: checkpoint?.iteration ?? null,
  }
}

function describe(run: RunDetail) {
  // Elsewhere nobody carries it out.
  const status = isUnderWay(run.status) ? ('stopped' as const) : run.status
  return {
    status,
    name: run.name,
    outcome: run.outcome,
    message: run.message,
    preset: run.preset,
    tags: run.tags,
    notes: run.notes,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    config: run.config,
    initialWeights: run.initialWeights,
    engine: run.engine,
    engineVersions: run.engineVersions,
    appVersion: run.appVersion,
    machine: run.machine,
  }
}

/** Columns of one length as rows. */
function interleave(columns: readonly Float64Array[], count: number): Float64Array {
  const values = new Float64Array(count * columns.length)
  for (const [c, column] of columns.entries()) {
    for (let k = 0; k < count; k++) values[k * columns.length + c] = column[k]
  }
  return values
}

function stack(rows: readonly Float32Array[], length: number): Float32Array {
  const values = new Float32Array(rows.length * length)
  for (const [k, row] of rows.entries()) values.set(row, k * length)
  return values
}

function thetaOf({ weights }: Snapshot): Float32Array {
  const size = { n: weights.visible, h: weights.hidden }
  const theta = new Float32Array(thetaLayout(size).length)
  const views = thetaViews(theta, size)
  for (const part of ['W1', 'W2', 'b1', 'b2'] as const) views[part].set(weights[part])
  return theta
}
