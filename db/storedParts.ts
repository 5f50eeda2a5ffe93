import { partError, type PartProblem, type StoredPart } from '#shared/domain/storedPart.ts'
import { BlobError } from './blobs.ts'
import type { Library } from './library.ts'
import { reading } from './transaction.ts'

type DatasetPart = Exclude<StoredPart['kind'], 'weights' | 'checkpoint'>

/** Whose a blob is; its name is looked up where there is something to say. */
export type PartOf = (library: Library) => StoredPart

export const ofDataset =
  (id: number, kind: DatasetPart): PartOf =>
  (library) => ({ kind, id, name: nameIn(library, 'datasets', id) })

export const weightsOf =
  (id: number, iteration: number): PartOf =>
  (library) => ({ kind: 'weights', id, iteration, name: nameIn(library, 'runs', id) })

export const checkpointOf =
  (id: number): PartOf =>
  (library) => ({ kind: 'checkpoint', id, name: nameIn(library, 'runs', id) })

const nameIn = (library: Library, table: 'datasets' | 'runs', id: number): string =>
  library.db.prepare<[number], string>(`SELECT name FROM ${table} WHERE id = ?`).pluck().get(id) ?? ''

/**
 * The bytes of a dataset or run that lie in a blob, all and checked, or the first `limitBytes`, unchecked.
 * @throws LabError badInput, naming dataset or run and the mend, where they are missing or not what they were
 */
export function readPart(
  library: Library,
  hash: string,
  part: PartOf,
  limitBytes?: number,
): Uint8Array<ArrayBuffer> {
  try {
    return library.blobs.read(hash, limitBytes)
  } catch (error) {
    throw error instanceof BlobError ? partError(part(library), error.problem, error) : error
  }
}

/** A blob that is not what it was, and everything that needs it. */
export interface BrokenBlob {
  hash: string
  problem: PartProblem
  parts: StoredPart[]
}

/**
 * Checks every blob that anything in the library names.
 * @param onBytes is told after each piece how many bytes were read; what it waits for is waited for
 * @throws what `onBytes` throws
 */
export async function findBrokenBlobs(
  library: Library,
  onBytes: (bytes: number) => Promise<void>,
): Promise<{ checked: number; broken: BrokenBlob[] }> {
  const parts = partsByHash(library)
  const broken: BrokenBlob[] = []
  for (const [hash, those] of parts) {
    const pieces = library.blobs.verifying(hash)
    for (;;) {
      const { done, value } = pieces.next()
      if (!done) await onBytes(value)
      else {
        if (value !== null) broken.push({ hash, problem: value, parts: those })
        break
      }
    }
  }
  return { checked: parts.size, broken }
}

interface PartRow {
  hash: string
  kind: StoredPart['kind']
  id: number
  name: string
  iteration: number | null
}

/** Every use of a blob that ought to be here: the patches of a card are not. */
export function partsByHash(library: Library): Map<string, StoredPart[]> {
  const ofDatasets = [
    ['hash', 'patches', 'size_bytes > 0'],
    ['positions_hash', 'positions', 'positions_hash IS NOT NULL'],
    ['whitening_hash', 'whitening', 'whitening_hash IS NOT NULL'],
    ['labels_hash', 'labels', 'labels_hash IS NOT NULL'],
    ['preview_before_hash', 'preview', 'preview_before_hash IS NOT NULL'],
    ['preview_after_hash', 'preview', 'TRUE'],
  ].map(
    ([column, kind, where]) =>
      `SELECT ${column} AS hash, '${kind}' AS kind, id, name, NULL AS iteration FROM datasets WHERE ${where}`,
  )
  const ofRuns = [
    `SELECT blob_hash, 'weights', runs.id, name, iteration FROM snapshots JOIN runs ON runs.id = run_id`,
    `SELECT blob_hash, 'checkpoint', runs.id, name, NULL FROM checkpoints JOIN runs ON runs.id = run_id`,
  ]
  const rows = reading(library, () =>
    library.db.prepare<[], PartRow>([...ofDatasets, ...ofRuns].join(' UNION ALL ')).all(),
  )
  const parts = new Map<string, StoredPart[]>()
  for (const { hash, iteration, ...row } of rows) {
    const part = (iteration === null ? row : { ...row, iteration }) as StoredPart
    const those = parts.get(hash)
    if (those) those.push(part)
    else parts.set(hash, [part])
  }
  return parts
}
