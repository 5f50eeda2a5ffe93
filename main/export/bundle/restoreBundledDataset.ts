import { createHash } from 'node:crypto'
import { freeBlobs } from '#db/blobRows.ts'
import type { Library } from '#db/library.ts'
import {
  completeDataset,
  findDatasetByHash,
  insertDataset,
  insertDatasetCard,
  setDatasetNotes,
  type DatasetCard,
} from '#db/queries/datasets.ts'
import type { DraftImage } from '#shared/domain/datasetDraft.ts'
import { datasetFiles } from './fileNames.ts'
import type { BundledDataset } from './manifest.ts'
import { damaged, type OpenBundle } from './openBundle.ts'

export interface RestoredDataset {
  id: number
  /** Whether it was not in the library before, not even as a card. */
  isNew: boolean
  hasPatches: boolean
}

/** The library's own dataset with these patches, or the bundle's, stored. */
export async function restoreBundledDataset(
  library: Library,
  bundle: OpenBundle,
  place: number,
): Promise<RestoredDataset> {
  const dataset = bundle.manifest.datasets[place]
  const found = findDatasetByHash(library, dataset)
  const isCard = found?.sizeBytes === 0
  if (found && !(isCard && dataset.hasPatches)) {
    if (dataset.hasPatches) await mendParts(library, bundle, place)
    return { id: found.id, isNew: false, hasPatches: !isCard }
  }
  const card = readCard(bundle, dataset, place)
  const { hasPatches } = dataset
  const id = hasPatches
    ? await insertDataset(library, { ...card, ...readPatches(bundle, dataset, place) })
    : await insertDatasetCard(library, card)
  if (dataset.notes !== '') setDatasetNotes(library, id, dataset.notes)
  if (found) completeDataset(library, found.id, id)
  return { id, isNew: !found, hasPatches }
}

/** Files of the library's own dataset that are damaged or missing are put back. */
async function mendParts(library: Library, bundle: OpenBundle, place: number): Promise<void> {
  const dataset = bundle.manifest.datasets[place]
  const { patches, positions, labels } = readPatches(bundle, dataset, place)
  const { preview, whitening } = readCard(bundle, dataset, place)
  for (const values of [
    patches,
    positions,
    labels?.indices ?? null,
    preview.before,
    preview.after,
    whitening,
  ]) {
    if (values === null) continue
    const bytes = new Uint8Array(values.buffer)
    const hash = createHash('sha256').update(bytes).digest('hex')
    if (library.blobs.verify(hash)) continue
    await library.blobs.write(bytes)
    // Of the bundle's other parts the library's dataset may have its own.
    freeBlobs(library, [hash])
  }
}

function readCard(bundle: OpenBundle, dataset: BundledDataset, place: number): DatasetCard {
  const { patches: m, visible: n, preview } = dataset
  const name = datasetFiles(place)
  const array = (is: boolean, file: string, rows: number) => (is ? bundle.float32(file, [rows, n]) : null)
  return {
    name: dataset.name,
    kind: dataset.kind,
    origin: dataset.origin,
    m,
    n,
    hash: dataset.hash,
    patchSize: dataset.patchSize,
    channels: dataset.channels,
    normalisation: dataset.normalisation,
    seed: dataset.seed,
    recipe: dataset.recipe ?? undefined,
    statistics: dataset.statistics,
    columnNames: dataset.columnNames,
    remarks: dataset.importRemarks,
    skippedFiles: dataset.skippedFiles,
    images: readImages(bundle, dataset, place),
    preview: {
      count: preview.count,
      before: array(preview.before, name.previewBefore, preview.count),
      after: bundle.float32(name.previewAfter, [preview.count, n]),
    },
    whitening: array(dataset.whitening, name.whitening, n),
  }
}

function readImages(bundle: OpenBundle, { images, hasPatches }: BundledDataset, place: number): DraftImage[] {
  const rgba = hasPatches ? bundle.bytes(datasetFiles(place).thumbnails) : new Uint8Array()
  let at = 0
  return images.map(({ thumbnail, ...image }) => {
    const sizeBytes = hasPatches ? 4 * thumbnail.width * thumbnail.height : 0
    at += sizeBytes
    const size = sizeBytes > 0 ? thumbnail : { width: 0, height: 0 }
    return { ...image, thumbnail: { ...size, rgba: rgba.slice(at - sizeBytes, at) } }
  })
}

function readPatches(
  bundle: OpenBundle,
  { patches: m, visible: n, hash, positions, classes }: BundledDataset,
  place: number,
) {
  const name = datasetFiles(place)
  const patches = bundle.float32(name.patches, [m, n])
  // Their name in every library; and no NaN has ever been in a dataset.
  const isRight = createHash('sha256').update(new Uint8Array(patches.buffer)).digest('hex') === hash
  if (!isRight || !patches.every(Number.isFinite)) throw damaged(bundle.name)
  const indices = classes === null ? null : bundle.int32(name.labels, [m])
  if (indices?.some((index) => index < 0 || index >= classes!.length)) throw damaged(bundle.name)
  return {
    patches,
    positions: positions ? bundle.int32(name.positions, [m, 3]) : null,
    labels: classes === null || indices === null ? null : { classes, indices },
  }
}
