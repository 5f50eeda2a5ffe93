import { storedJson } from '#shared/domain/storedJson.ts'
import type { LabelClass } from '#shared/domain/labels.ts'
import type { DatasetKind, DatasetSummary, Normalisation } from '#shared/domain/dataset.ts'

/** What a list shows of a dataset: one narrow row and a count over an index. */
export const summarySql = `
  SELECT id, name, kind, created_at, patches, visible, patch_size, channels, normalisation, seed, hash, size_bytes,
    image_count, skipped_count, origin, classes,
    (SELECT count(*) FROM runs WHERE dataset_id = datasets.id AND deleted_at IS NULL) AS runs
  FROM datasets`

export interface SummaryRow {
  id: number
  name: string
  kind: string
  created_at: string
  patches: number
  visible: number
  patch_size: number | null
  channels: 1 | 3
  normalisation: string
  seed: number
  hash: string
  size_bytes: number
  image_count: number
  skipped_count: number
  origin: string
  runs: number
  classes: string | null
}

export function toSummary(row: SummaryRow): DatasetSummary {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as DatasetKind,
    createdAt: row.created_at,
    patches: row.patches,
    visible: row.visible,
    patchSize: row.patch_size,
    channels: row.channels,
    normalisation: storedJson<Normalisation>(row.normalisation),
    seed: row.seed,
    hash: row.hash,
    sizeBytes: row.size_bytes,
    images: row.image_count,
    skipped: row.skipped_count,
    runs: row.runs,
    origin: row.origin,
    labels: row.classes === null ? null : { classes: storedJson<LabelClass[]>(row.classes) },
  }
}
