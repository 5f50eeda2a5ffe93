import { LabError } from '#shared/domain/labError.ts'
import type { Snapshot, SnapshotRef } from '#shared/domain/run.ts'
import { partError } from '#shared/domain/storedPart.ts'
import { thetaLayout, thetaViews, type NetworkSize } from '#shared/model/theta.ts'
import { freeBlobs, writeWithBlobs } from '../blobRows.ts'
import { bytesOf, float32Of } from '../bytes.ts'
import type { Library } from '../library.ts'
import { readPart, weightsOf } from '../storedParts.ts'
import { reading } from '../transaction.ts'
import { refuseStranger } from './ownership.ts'
import { gone } from './runEdits.ts'

export { readSprites } from './sprites.ts'

/**
 * Keeps a run's weights at an iteration; a snapshot there already is replaced. Does not block the process: the arrays
 * must not change until it resolves.
 * @param theta  float32 [W1 h×n, W2 n×h, b1, b2]
 * @param rhoHat length h
 * @param owner  who carries the run out; left out by whoever brings a run in
 * @throws LabError notFound, shape, libraryBusy, diskFull; lostRun where it is not that owner's any more
 */
export async function writeSnapshot(
  library: Library,
  runId: number,
  iteration: number,
  theta: Float32Array,
  rhoHat: Float32Array,
  owner?: string,
): Promise<void> {
  refuseStranger(library, runId, owner)
  const size = networkSize(library, runId)
  const needed = thetaLayout(size).length
  if (theta.length !== needed || rhoHat.length !== size.h) {
    throw new LabError(
      'shape',
      `A snapshot of run ${runId} has ${theta.length} parameters and ${rhoHat.length} averages; it needs ${needed} and ${size.h}.`,
    )
  }
  const replaced = await writeWithBlobs(library, [bytesOf(theta)], ([{ hash }]) => {
    refuseStranger(library, runId, owner)
    const old = library.db
      .prepare<[number, number], string>('SELECT blob_hash FROM snapshots WHERE run_id = ? AND iteration = ?')
      .pluck()
      .get(runId, iteration)
    library.db
      .prepare('INSERT OR REPLACE INTO snapshots (run_id, iteration, blob_hash, rho_hat) VALUES (?, ?, ?, ?)')
      .run(runId, iteration, hash, bytesOf(rhoHat))
    return old
  })
  if (replaced !== undefined) freeBlobs(library, [replaced])
}

/** Iterations of which a run has weights, ascending. */
export function listSnapshots(library: Library, runId: number): SnapshotRef[] {
  return reading(library, () =>
    library.db
      .prepare<[number], SnapshotRef>('SELECT iteration FROM snapshots WHERE run_id = ? ORDER BY iteration')
      .all(runId),
  )
}

interface SnapshotRow {
  iteration: number
  blob_hash: string
  rho_hat: Uint8Array
}

/**
 * The weights at the snapshot nearest to and not after `iteration`; null where there is none.
 * @throws LabError notFound; badInput where the blob is missing or damaged
 */
export function readSnapshot(library: Library, runId: number, iteration: number): Snapshot | null {
  return reading(library, () => {
    const size = networkSize(library, runId)
    const row = library.db
      .prepare<[number, number], SnapshotRow>(
        `SELECT iteration, blob_hash, rho_hat FROM snapshots
         WHERE run_id = ? AND iteration <= ? ORDER BY iteration DESC LIMIT 1`,
      )
      .get(runId, iteration)
    if (!row) return null
    const part = weightsOf(runId, row.iteration)
    const bytes = readPart(library, row.blob_hash, part)
    if (bytes.length !== 4 * thetaLayout(size).length) throw partError(part(library), 'damaged')
    const views = thetaViews(new Float32Array(bytes.buffer), size)
    return {
      iteration: row.iteration,
      weights: { visible: size.n, hidden: size.h, ...views },
      rhoHat: float32Of(row.rho_hat),
    }
  })
}

/** @throws LabError notFound */
function networkSize(library: Library, runId: number): NetworkSize {
  const size = library.db
    .prepare<[number], NetworkSize>(
      'SELECT visible AS n, hidden AS h FROM runs JOIN datasets ON datasets.id = dataset_id WHERE runs.id = ?',
    )
    .get(runId)
  if (!size) throw gone(runId)
  return size
}
