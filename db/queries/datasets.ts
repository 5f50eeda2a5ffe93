import { storedJson } from '#shared/domain/storedJson.ts'
import type {
  DatasetDetail,
  DatasetStatistics,
  DatasetSummary,
  Normalisation,
  SkippedFile,
} from '#shared/domain/dataset.ts'
import { datasetRecipeSchema, type DatasetRecipe } from '#shared/domain/datasetSource.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Labels } from '#shared/domain/labels.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import { partError, type PatchesFile } from '#shared/domain/storedPart.ts'
import type { Whitening } from '#shared/filters/pixelFilters.ts'
import { freeBlobs } from '../blobRows.ts'
import type { Library } from '../library.ts'
import { ofDataset, readPart } from '../storedParts.ts'
import { reading, writing } from '../transaction.ts'
import { listImages } from './datasetImages.ts'
import { refuseWithoutPatches } from './datasetCards.ts'
import { summarySql, toSummary, type SummaryRow } from './datasetRows.ts'
import { asId, checkedName, nameSome } from './naming.ts'
import { deleteRows } from './runRemoval.ts'

export { insertDataset, insertDatasetCard, type DatasetCard } from './insertDataset.ts'
export { completeDataset, findDatasetByHash } from './datasetCards.ts'

/** All datasets, newest first. */
export function listDatasets(library: Library): DatasetSummary[] {
  const rows = reading(library, () =>
    library.db.prepare<[], SummaryRow>(`${summarySql} ORDER BY id DESC`).all(),
  )
  return rows.map(toSummary)
}

/** A run as far as its dataset is concerned. */
export type DependentRun = Pick<RunSummary, 'id' | 'name' | 'status'>

interface DetailRow extends SummaryRow {
  statistics: string
  preview_count: number
  preview_before_hash: string | null
  preview_after_hash: string
  remarks: string
  recipe: string | null
  derived_from: number | null
  derived_from_name: string | null
  positions_hash: string | null
  whitening_hash: string | null
  labels_hash: string | null
  column_names: string | null
  import_remarks: string | null
  thumbnail_bytes: number
}

/** A dataset without what it shows in pictures, which may be many megabytes. */
export type DatasetDescription = Omit<DatasetDetail, 'imagesList' | 'preview'>

/** @throws LabError notFound */
export function getDataset(library: Library, id: number): DatasetDetail {
  return reading(library, () => {
    const row = detailRow(library, id)
    const before = row.preview_before_hash
    return {
      ...toDescription(library, row),
      imagesList: listImages(library, id),
      preview: {
        count: row.preview_count,
        before: before === null ? null : float32View(readPart(library, before, ofDataset(id, 'preview'))),
        after: float32View(readPart(library, row.preview_after_hash, ofDataset(id, 'preview'))),
      },
    }
  })
}

/** @throws LabError notFound */
export const describeDataset = (library: Library, id: number): DatasetDescription =>
  reading(library, () => toDescription(library, detailRow(library, id)))

function detailRow(library: Library, id: number): DetailRow {
  const row = library.db
    .prepare<[number], DetailRow>(
      `SELECT summary.*, statistics, preview_count, preview_before_hash, preview_after_hash, remarks, recipe,
           derived_from, (SELECT name FROM datasets AS other WHERE other.id = datasets.derived_from) AS derived_from_name,
           positions_hash, whitening_hash, labels_hash, column_names, import_remarks,
           (SELECT total(length(thumbnail)) FROM dataset_images WHERE dataset_id = datasets.id) AS thumbnail_bytes
         FROM (${summarySql}) AS summary JOIN datasets USING (id) WHERE id = ?`,
    )
    .get(id)
  if (!row) throw notThere(library, String(id))
  return row
}

function toDescription(library: Library, row: DetailRow): DatasetDescription {
  return {
    ...toSummary(row),
    statistics: storedJson<DatasetStatistics>(row.statistics),
    skippedFiles: library.db
      .prepare<[number], SkippedFile>(
        'SELECT file, reason FROM dataset_skipped WHERE dataset_id = ? ORDER BY idx',
      )
      .all(row.id),
    notes: row.remarks,
    columnNames: row.column_names === null ? null : storedJson<string[]>(row.column_names),
    importRemarks: row.import_remarks === null ? [] : storedJson<string[]>(row.import_remarks),
    recipe: parseRecipe(row.recipe),
    derivedFrom:
      row.derived_from === null || row.derived_from_name === null
        ? null
        : { id: row.derived_from, name: row.derived_from_name },
    storedBytes: storedBytes(library, row),
  }
}

/** A dataset as far as it takes to make it again; nothing but its rows is read. @throws LabError notFound */
export function getDatasetToDerive(
  library: Library,
  id: number,
): DatasetSummary & Pick<DatasetDetail, 'recipe'> {
  const recipe = library.db
    .prepare<[number], string | null>('SELECT recipe FROM datasets WHERE id = ?')
    .pluck()
  return reading(library, () => ({
    ...datasetById(library, id),
    recipe: parseRecipe(recipe.get(id) ?? null),
  }))
}

/** Blobs that other datasets have too count in full. */
function storedBytes(library: Library, row: DetailRow): number {
  const hashes = [
    row.hash,
    row.positions_hash,
    row.whitening_hash,
    row.labels_hash,
    row.preview_before_hash,
    row.preview_after_hash,
  ].filter((hash) => hash !== null)
  return [...new Set(hashes)].reduce((sum, hash) => sum + library.blobs.sizeBytes(hash), row.thumbnail_bytes)
}

/** One that this Rho Lab does not know is none. */
function parseRecipe(json: string | null): DatasetRecipe | null {
  const parsed = json === null ? null : datasetRecipeSchema.safeParse(storedJson(json))
  return parsed?.success ? parsed.data : null
}

/**
 * A dataset by its id, its exact name, or its name in other letter case if only one fits.
 * @throws LabError notFound, naming the datasets there are
 */
export function findDataset(library: Library, idOrName: string): DatasetSummary {
  const name = idOrName.trim()
  const all = listDatasets(library)
  const alike = all.filter((dataset) => dataset.name.toLowerCase() === name.toLowerCase())
  const found =
    all.find((dataset) => dataset.id === asId(name)) ??
    alike.find((dataset) => dataset.name === name) ??
    (alike.length === 1 ? alike[0] : undefined)
  if (!found) throw notThere(library, idOrName)
  return found
}

/** @throws LabError notFound */
function datasetById(library: Library, id: number): DatasetSummary {
  const row = reading(library, () =>
    library.db.prepare<[number], SummaryRow>(`${summarySql} WHERE id = ?`).get(id),
  )
  if (!row) throw notThere(library, String(id))
  return toSummary(row)
}

/** @throws LabError notFound; badInput for a blank name; conflict where another dataset has that name */
export function renameDataset(library: Library, id: number, name: string): DatasetSummary {
  const wanted = checkedName(name, 'dataset')
  return writing(library, () => {
    const other = library.db
      .prepare<[string], number>('SELECT id FROM datasets WHERE name = ?')
      .pluck()
      .get(wanted)
    if (other !== undefined && other !== id) {
      throw new LabError('conflict', `Dataset ${other} is called "${wanted}" already. Choose another name.`)
    }
    library.db.prepare('UPDATE datasets SET name = ? WHERE id = ?').run(wanted, id)
    return datasetById(library, id)
  })
}

/** @throws LabError notFound */
export function setDatasetNotes(library: Library, id: number, notes: string): void {
  const { changes } = writing(library, () =>
    library.db.prepare('UPDATE datasets SET remarks = ? WHERE id = ?').run(notes, id),
  )
  if (changes === 0) throw notThere(library, String(id))
}

/** The runs that learned from a dataset, newest first. @throws LabError notFound */
export function listRunsOf(library: Library, id: number): DependentRun[] {
  return reading(library, () => {
    datasetById(library, id)
    return library.db
      .prepare<[number], DependentRun>(
        'SELECT id, name, status FROM runs WHERE dataset_id = ? AND deleted_at IS NULL ORDER BY id DESC',
      )
      .all(id)
  })
}

/** @throws LabError notFound; conflict where runs use it, naming them */
export function removeDataset(library: Library, id: number): void {
  const hashes = writing(library, () => {
    const { name, runs } = datasetById(library, id)
    if (runs > 0) {
      const those = runs === 1 ? '1 run uses' : `${runs} runs use`
      throw new LabError(
        'conflict',
        `${those} the dataset "${name}": ${nameSome(listRunsOf(library, id), 5)}. Remove ${runs === 1 ? 'it' : 'them'} first.`,
      )
    }
    const used = library.db
      .prepare<[number], (string | null)[]>(
        `SELECT hash, positions_hash, whitening_hash, labels_hash, preview_before_hash, preview_after_hash
         FROM datasets WHERE id = ?`,
      )
      .raw()
      .get(id)
    // All that are left of its runs are deleted ones.
    const deleted = library.db
      .prepare<[number], number>('SELECT id FROM runs WHERE dataset_id = ?')
      .pluck()
      .all(id)
    const ofRuns = deleteRows(library, deleted)
    library.db.prepare('DELETE FROM datasets WHERE id = ?').run(id)
    return [...ofRuns, ...(used ?? [])]
  })
  freeBlobs(library, hashes)
}

/** @throws LabError notFound; badInput where the dataset is here without its patches */
export function patchesFile(library: Library, id: number): PatchesFile {
  refuseWithoutPatches(library, id)
  const { hash, name } = datasetById(library, id)
  return { path: library.blobs.path(hash), hash, part: { kind: 'patches', id, name } }
}

/** @throws LabError notFound */
export const normalisationOf = (library: Library, id: number): Normalisation =>
  datasetById(library, id).normalisation

/** @throws LabError notFound */
export const datasetNameOf = (library: Library, id: number): string => datasetById(library, id).name

/** m × n row-major. @throws LabError notFound; badInput where the patches are not here or damaged */
export function readPatches(library: Library, id: number): Float32Array<ArrayBuffer> {
  refuseWithoutPatches(library, id)
  const dataset = datasetById(library, id)
  const part = ofDataset(id, 'patches')
  const patches = float32View(readPart(library, dataset.hash, part))
  if (patches.length !== dataset.patches * dataset.visible) throw partError(part(library), 'damaged')
  return patches
}

/** How a dataset was whitened, null where it was not. @throws LabError notFound */
export function readWhitening(library: Library, id: number): Whitening | null {
  const row = reading(library, () =>
    library.db
      .prepare<[number], [string | null, string]>(
        'SELECT whitening_hash, statistics FROM datasets WHERE id = ?',
      )
      .raw()
      .get(id),
  )
  if (!row) throw notThere(library, String(id))
  const [hash, statistics] = row
  if (hash === null) return null
  const { whitening } = storedJson<DatasetStatistics>(statistics)
  return {
    matrix: float32View(readPart(library, hash, ofDataset(id, 'whitening'))),
    mean: whitening?.mean === undefined ? null : Float32Array.from(whitening.mean),
  }
}

/** The class of each patch; null where they have none. @throws LabError notFound; badInput where they are damaged */
export function readLabels(library: Library, id: number): Labels | null {
  const { labels, patches } = datasetById(library, id)
  const hash = library.db
    .prepare<[number], string | null>('SELECT labels_hash FROM datasets WHERE id = ?')
    .pluck()
    .get(id)
  if (labels === null || typeof hash !== 'string') return null
  const part = ofDataset(id, 'labels')
  const bytes = readPart(library, hash, part)
  const indices = new Int32Array(bytes.buffer, 0, bytes.byteLength >> 2)
  if (indices.length !== patches) throw partError(part(library), 'damaged')
  return { classes: labels.classes.map(({ name }) => name), indices }
}

/** Bytes in a buffer of their own need no copy; an odd length, which no name stands for, loses its end. */
const float32View = (bytes: Uint8Array<ArrayBuffer>) =>
  new Float32Array(bytes.buffer, 0, bytes.byteLength >> 2)

function notThere(library: Library, idOrName: string): LabError {
  const all = listDatasets(library)
  const rest =
    all.length === 0 ? 'The library has none yet; import or generate one.' : `There are ${nameSome(all)}.`
  return new LabError('notFound', `There is no dataset "${idOrName}". ${rest}`)
}
