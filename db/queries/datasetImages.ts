import type { DatasetImage } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'
import { partError } from '#shared/domain/storedPart.ts'
import type { Library } from '../library.ts'
import { ofDataset, readPart } from '../storedParts.ts'
import { reading } from '../transaction.ts'

interface ImageRow {
  idx: number
  file: string
  width: number
  height: number
  patches: number
  thumbnail_width: number
  thumbnail_height: number
  thumbnail: Uint8Array
}

const toImage = ({ idx, file, width, height, patches, thumbnail, ...row }: ImageRow): DatasetImage => ({
  index: idx,
  file,
  width,
  height,
  patches,
  // A dataset that came in a bundle without its patches has none.
  thumbnail:
    thumbnail.length === 0
      ? null
      : { width: row.thumbnail_width, height: row.thumbnail_height, rgba: Uint8Array.from(thumbnail) },
})

/** All images of a dataset with their thumbnails, in their order. */
export function listImages(library: Library, datasetId: number): DatasetImage[] {
  return library.db
    .prepare<[number], ImageRow>('SELECT * FROM dataset_images WHERE dataset_id = ? ORDER BY idx')
    .all(datasetId)
    .map(toImage)
}

/** Some images of a dataset; those that are not there are left out. */
export function readImages(library: Library, datasetId: number, indices: readonly number[]): DatasetImage[] {
  return reading(library, () => {
    const one = library.db.prepare<[number, number], ImageRow>(
      'SELECT * FROM dataset_images WHERE dataset_id = ? AND idx = ?',
    )
    return indices.flatMap((index) => one.get(datasetId, index) ?? []).map(toImage)
  })
}

/**
 * Where the patches of a dataset were cut: m × 3 of image, x, y; null where they have no images.
 * @throws LabError notFound; badInput where the blob is damaged
 */
export function readPositions(library: Library, datasetId: number): Int32Array | null {
  return reading(library, () => {
    const row = library.db
      .prepare<[number], { hash: string | null; patches: number }>(
        'SELECT positions_hash AS hash, patches FROM datasets WHERE id = ?',
      )
      .get(datasetId)
    if (!row) throw new LabError('notFound', `There is no dataset ${datasetId}. Choose another one.`)
    if (row.hash === null) return null
    const part = ofDataset(datasetId, 'positions')
    const bytes = readPart(library, row.hash, part)
    if (bytes.length !== 12 * row.patches) throw partError(part(library), 'damaged')
    return new Int32Array(bytes.buffer)
  })
}
