import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { DatasetStatistics } from '#shared/domain/dataset.ts'
import { valueStatistics } from '#shared/numbers/valueStatistics.ts'
import type { Blobs } from '../blobs.ts'
import { bytesOf, float32Of } from '../bytes.ts'
import type { Library } from '../library.ts'

const previewPatches = 192

interface Lost {
  id: number
  /** SHA-256 of its patches. */
  hash: string
}

/**
 * Makes datasets anew of which the library's own record is lost, and runs tell the patches. Where these are not there
 * either, a card is left, so that the runs are kept.
 * @param source  blobs of the damaged library; null where it has none
 */
export function restoreLostDatasets(library: Library, source: Blobs | null): void {
  const lost = library.db
    .prepare<[], Lost>(
      `SELECT dataset_id AS id, min(dataset_hash) AS hash FROM runs
       WHERE dataset_id NOT IN (SELECT id FROM datasets) GROUP BY dataset_id`,
    )
    .all()
  for (const dataset of lost) restore(library, source, dataset)
}

function restore(library: Library, source: Blobs | null, { id, hash }: Lost): void {
  const n = source === null ? null : visibleOf(library, source, id)
  const patches = n === null ? null : readPatches(source!, hash, n)
  const m = patches === null ? 0 : patches.length / n!
  const preview = patches?.slice(0, Math.min(m, previewPatches) * n!) ?? new Float32Array()
  const geometry = squareOf(n ?? 0)
  const { lastInsertRowid } = library.db
    .prepare(
      `INSERT INTO datasets (id, name, kind, created_at, patches, visible, patch_size, channels, normalisation, seed,
         hash, size_bytes, image_count, skipped_count, origin, preview_count, preview_after_hash, statistics, remarks)
       VALUES (@id, @name, 'array', @now, @m, @n, @patchSize, @channels, '{"kind":"none"}', 0,
         @hash, @sizeBytes, 0, 0, @origin, @previewCount, @previewHash, @statistics, @remarks)`,
    )
    .run({
      id,
      name: freeName(library, id),
      now: new Date().toISOString(),
      m,
      n: n ?? 0,
      ...geometry,
      hash,
      sizeBytes: patches?.byteLength ?? 0,
      origin: 'rescued from a damaged library',
      previewCount: n === null ? 0 : preview.length / n,
      previewHash: keep(library, bytesOf(preview)),
      statistics: JSON.stringify(statisticsOf(patches)),
      remarks:
        'What the library said of this dataset is lost: its name, where its patches came from, and how they were normalised.' +
        (patches === null ? ' Its patches are lost too.' : ''),
    })
  if (Number(lastInsertRowid) !== id) throw new Error(`dataset ${id} came back as ${lastInsertRowid}`)
}

/** n, from the size of weights that were trained on it: 2 h n + h + n values. null where there are none. */
function visibleOf(library: Library, source: Blobs, datasetId: number): number | null {
  const rows = library.db
    .prepare<[number], { hash: string; hidden: number }>(
      `SELECT blob_hash AS hash, hidden FROM snapshots JOIN runs ON runs.id = run_id
       WHERE dataset_id = ? AND json_valid(config)`,
    )
    .all(datasetId)
  for (const { hash, hidden } of rows) {
    const n = (source.sizeBytes(hash) / 4 - hidden) / (2 * hidden + 1)
    if (Number.isInteger(n) && n > 0) return n
  }
  return null
}

function readPatches(source: Blobs, hash: string, n: number): Float32Array | null {
  if (!source.has(hash) || source.sizeBytes(hash) % (4 * n) !== 0 || !source.verify(hash)) return null
  const patches = float32Of(source.read(hash))
  return patches.length === 0 ? null : patches
}

/** What a width most likely is: pixels of a square, grey or in colours. */
function squareOf(n: number): { patchSize: number | null; channels: 1 | 3 } {
  for (const channels of [1, 3] as const) {
    const side = Math.sqrt(n / channels)
    if (Number.isInteger(side) && side >= 2) return { patchSize: side, channels }
  }
  return { patchSize: null, channels: 1 }
}

function freeName({ db }: Library, id: number): string {
  const isTaken = db.prepare<[string], 1>('SELECT 1 FROM datasets WHERE name = ?').pluck()
  let name = `rescued dataset ${id}`
  for (let count = 2; isTaken.get(name); count++) name = `rescued dataset ${id} (${count})`
  return name
}

const statisticsOf = (patches: Float32Array | null): DatasetStatistics => ({
  before: null,
  after: patches ? valueStatistics(patches) : noValues,
  threeSigma: null,
  clippedShare: null,
})

const noValues = { mean: 0, deviation: 0, histogram: { min: 0, max: 1, counts: [0] } }

/** @returns the hash under which the new library has them */
function keep({ blobs }: Library, bytes: Uint8Array): string {
  const hash = createHash('sha256').update(bytes).digest('hex')
  writeFileSync(blobs.path(hash), bytes)
  return hash
}
