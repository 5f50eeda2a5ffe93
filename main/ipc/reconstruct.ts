import type { Library } from '#db/library.ts'
import { patchesFile } from '#db/queries/datasets.ts'
import { openRegularFile } from '#db/regularFile.ts'
import { getRun } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { readAt } from '#main/dataset/readAt.ts'
import { forward } from '#main/engine/forward.ts'
import { partError, type PatchesFile } from '#shared/domain/storedPart.ts'
import type { Reconstructions } from '#shared/ipc/contract.ts'

/** About 10 ms of multiplying: main has to answer. */
const affordableProducts = 8e6

/**
 * Patches spread evenly over a run's dataset, through the network as it was at `iteration`.
 * @param count at most; fewer for a network so large that main would be busy with them
 * @returns null where there is no snapshot yet
 * @throws LabError notFound; badInput where a blob is damaged
 */
export async function reconstruct(
  library: Library,
  runId: number,
  iteration: number,
  count: number,
): Promise<Reconstructions | null> {
  const snapshot = readSnapshot(library, runId, iteration)
  if (!snapshot) return null
  const { weights } = snapshot
  const run = getRun(library, runId)
  const affordable = Math.max(1, Math.floor(affordableProducts / (2 * weights.hidden * weights.visible)))
  const rows = spread(run.datasetPatches, Math.min(count, affordable))
  const patches = await readRows(patchesFile(library, run.datasetId), rows, weights.visible)
  const { reconstructions } = forward(weights, run.config, patches, rows.length)
  return { count: rows.length, patches, outputs: Float32Array.from(reconstructions) }
}

/** `count` whole numbers in [0, m), evenly spaced; all of them if m is smaller. */
export function spread(m: number, count: number): number[] {
  const k = Math.min(m, count)
  return Array.from({ length: k }, (_, i) => Math.floor(((2 * i + 1) * m) / (2 * k)))
}

/** Those rows of a file of float32, each `n` long. */
async function readRows(
  { path, part }: PatchesFile,
  rows: readonly number[],
  n: number,
): Promise<Float32Array<ArrayBuffer>> {
  const values = new Float32Array(rows.length * n)
  const file = await openRegularFile(path).catch((error: NodeJS.ErrnoException) => {
    throw partError(part, error.code === 'ENOENT' ? 'missing' : 'unreadable', error)
  })
  try {
    for (const [i, row] of rows.entries()) {
      const bytes = await readAt(file, 4 * row * n, 4 * n)
      if (bytes.length < 4 * n) throw partError(part, 'damaged')
      values.set(new Float32Array(bytes.buffer), i * n)
    }
  } finally {
    await file.close()
  }
  return values
}
