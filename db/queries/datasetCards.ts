import type { DatasetSummary } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'
import { freeBlobs } from '../blobRows.ts'
import type { Library } from '../library.ts'
import { reading, writing } from '../transaction.ts'
import { summarySql, toSummary, type SummaryRow } from './datasetRows.ts'

// A dataset whose patches are not here has a size of 0: a card that says what runs learned from.

type Patches = Pick<DatasetSummary, 'hash' | 'visible' | 'patchSize' | 'channels'>

/**
 * The dataset with these patches, drawn alike; one that has them here before one that has not.
 * @returns null where there is none
 */
export function findDatasetByHash(library: Library, patches: Patches): DatasetSummary | null {
  const row = reading(library, () =>
    library.db
      .prepare<[Patches], SummaryRow>(
        `${summarySql}
         WHERE hash = @hash AND visible = @visible AND patch_size IS @patchSize AND channels = @channels
         ORDER BY size_bytes = 0, id LIMIT 1`,
      )
      .get(patches),
  )
  return row ? toSummary(row) : null
}

/** Puts a dataset in the place of the card of the same patches: its runs, its name; the card is removed. */
export function completeDataset(library: Library, cardId: number, datasetId: number): void {
  const hashes = writing(library, () => {
    const read = library.db.prepare<[number], { name: string; hash: string }>(
      'SELECT name, hash FROM datasets WHERE id = ?',
    )
    const card = read.get(cardId)
    if (!card || card.hash !== read.get(datasetId)?.hash) {
      throw new LabError('conflict', `Dataset ${datasetId} does not hold the patches of dataset ${cardId}.`)
    }
    const used = library.db
      .prepare<[number], (string | null)[]>(
        `SELECT whitening_hash, labels_hash, preview_before_hash, preview_after_hash FROM datasets WHERE id = ?`,
      )
      .raw()
      .get(cardId)
    library.db.prepare('UPDATE runs SET dataset_id = ? WHERE dataset_id = ?').run(datasetId, cardId)
    library.db.prepare('DELETE FROM datasets WHERE id = ?').run(cardId)
    library.db.prepare('UPDATE datasets SET name = ? WHERE id = ?').run(card.name, datasetId)
    return used ?? []
  })
  freeBlobs(library, hashes)
}

/** @throws LabError badInput where the dataset is here without its patches */
export function refuseWithoutPatches(library: Library, datasetId: number): void {
  const name = library.db
    .prepare<[number], string>('SELECT name FROM datasets WHERE id = ? AND size_bytes = 0')
    .pluck()
    .get(datasetId)
  if (name === undefined) return
  throw new LabError(
    'badInput',
    `The dataset "${name}" came without its patches. Open a bundle that has them (lab bundle --patches), or choose another dataset.`,
  )
}

export function refuseRunWithoutPatches(library: Library, runId: number): void {
  const datasetId = library.db
    .prepare<[number], number>('SELECT dataset_id FROM runs WHERE id = ?')
    .pluck()
    .get(runId)
  if (datasetId !== undefined) refuseWithoutPatches(library, datasetId)
}
