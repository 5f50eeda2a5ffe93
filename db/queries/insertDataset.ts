import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import { LabError } from '#shared/domain/labError.ts'
import { countClasses } from '#shared/domain/labels.ts'
import { writeWithBlobs } from '../blobRows.ts'
import { bytesOf } from '../bytes.ts'
import type { Library } from '../library.ts'
import { checkedName } from './naming.ts'

/**
 * Stores a dataset: its blobs, then its rows.
 * A name that is taken gets " 2", " 3", … behind it.
 * @returns the new id
 * @throws LabError shape where the patches are not m × n; badInput for a blank name; libraryBusy, diskFull
 */
export async function insertDataset(library: Library, draft: DatasetDraft): Promise<number> {
  const name = checkedName(draft.name, 'dataset')
  if (draft.patches.length !== draft.m * draft.n) {
    throw new LabError(
      'shape',
      `The dataset "${name}" has ${draft.patches.length} values; ${draft.m} patches of ${draft.n} need ${draft.m * draft.n}.`,
    )
  }
  if (draft.labels && draft.labels.indices.length !== draft.m) {
    throw new LabError(
      'shape',
      `The dataset "${name}" has ${draft.labels.indices.length} labels for ${draft.m} patches.`,
    )
  }
  return insertParts(library, draft, name, null)
}

/** A dataset without its patches: what a run that came from elsewhere needs to be looked at. */
export interface DatasetCard extends Omit<DatasetDraft, 'patches' | 'positions' | 'labels'> {
  /** SHA-256 of the patches that are not here. */
  hash: string
}

/**
 * Stores a dataset that is only known, not here: `sizeBytes` is 0, runs can be looked at but not trained.
 * A name that is taken gets " 2", " 3", … behind it.
 * @returns the new id
 * @throws LabError badInput for a blank name; libraryBusy, diskFull
 */
export async function insertDatasetCard(library: Library, card: DatasetCard): Promise<number> {
  const name = checkedName(card.name, 'dataset')
  const draft = { ...card, patches: new Float32Array(), positions: null, labels: null }
  return insertParts(library, draft, name, card.hash)
}

/** @param knownHash of patches that are not stored; null where they are */
async function insertParts(
  library: Library,
  draft: DatasetDraft,
  name: string,
  knownHash: string | null,
): Promise<number> {
  const parts = {
    patches: knownHash === null ? draft.patches : null,
    after: draft.preview.after,
    before: draft.preview.before,
    ...optional(draft),
  }
  const kept = Object.entries(parts).flatMap(([part, values]) => (values === null ? [] : [{ part, values }]))
  const bytes = kept.map(({ values }) => bytesOf(values))
  return writeWithBlobs(library, bytes, (blobs) => {
    const hashes = new Map<string, string | null>(kept.map(({ part }, i) => [part, blobs[i].hash]))
    if (knownHash !== null) hashes.set('patches', knownHash)
    const id = insertRow(library, draft, freeName(library, name), (part) => hashes.get(part) ?? null)
    insertImages(library, id, draft)
    insertSkipped(library, id, draft)
    return id
  })
}

const optional = ({ positions, whitening, labels }: DatasetDraft) => ({
  positions,
  whitening,
  labels: labels?.indices ?? null,
})

function freeName(library: Library, name: string): string {
  const taken = library.db.prepare<[string], 1>('SELECT 1 FROM datasets WHERE name = ?').pluck()
  let free = name
  for (let count = 2; taken.get(free); count++) free = `${name} ${count}`
  return free
}

function insertRow(
  library: Library,
  draft: DatasetDraft,
  name: string,
  hash: (part: 'patches' | 'positions' | 'whitening' | 'labels' | 'before' | 'after') => string | null,
): number {
  const { lastInsertRowid } = library.db
    .prepare(
      `INSERT INTO datasets (name, kind, created_at, patches, visible, patch_size, channels, normalisation, seed,
         hash, size_bytes, image_count, skipped_count, origin, positions_hash, whitening_hash,
         preview_count, preview_before_hash, preview_after_hash, statistics, recipe, derived_from,
         labels_hash, classes, column_names, import_remarks)
       VALUES (@name, @kind, @createdAt, @m, @n, @patchSize, @channels, @normalisation, @seed,
         @hash, @sizeBytes, @images, @skipped, @origin, @positions, @whitening,
         @previewCount, @previewBefore, @previewAfter, @statistics, @recipe,
         -- It may have been removed while this one was made.
         (SELECT id FROM datasets WHERE id = @derivedFrom),
         @labels, @classes, @columnNames, @remarks)`,
    )
    .run({
      name,
      kind: draft.kind,
      createdAt: new Date().toISOString(),
      m: draft.m,
      n: draft.n,
      patchSize: draft.patchSize,
      channels: draft.channels,
      normalisation: JSON.stringify(draft.normalisation),
      seed: draft.seed,
      hash: hash('patches'),
      sizeBytes: draft.patches.byteLength,
      images: draft.images.length,
      skipped: draft.skippedFiles.length,
      origin: draft.origin,
      positions: hash('positions'),
      whitening: hash('whitening'),
      previewCount: draft.preview.count,
      previewBefore: hash('before'),
      previewAfter: hash('after'),
      statistics: JSON.stringify(draft.statistics),
      recipe: draft.recipe === undefined ? null : JSON.stringify(draft.recipe),
      derivedFrom: draft.derivedFrom ?? null,
      labels: hash('labels'),
      classes: draft.labels ? JSON.stringify(countClasses(draft.labels)) : null,
      columnNames: draft.columnNames ? JSON.stringify(draft.columnNames) : null,
      remarks: draft.remarks?.length ? JSON.stringify(draft.remarks) : null,
    })
  return Number(lastInsertRowid)
}

function insertImages(library: Library, id: number, { images }: DatasetDraft): void {
  const insert = library.db.prepare('INSERT INTO dataset_images VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  for (const [idx, { file, width, height, patches, thumbnail }] of images.entries()) {
    insert.run(id, idx, file, width, height, patches, thumbnail.width, thumbnail.height, thumbnail.rgba)
  }
}

function insertSkipped(library: Library, id: number, { skippedFiles }: DatasetDraft): void {
  const insert = library.db.prepare('INSERT INTO dataset_skipped VALUES (?, ?, ?, ?)')
  for (const [idx, { file, reason }] of skippedFiles.entries()) insert.run(id, idx, file, reason)
}
