import path from 'node:path'
import type { Library } from '#db/library.ts'
import { findDataset } from '#db/queries/datasets.ts'
import { getRun, insertRun, removeRuns, type NewRun } from '#db/queries/runs.ts'
import { writeSnapshot } from '#db/queries/snapshots.ts'
import { weightsMisfit, type InitialWeights } from '#shared/domain/initialWeights.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Weights } from '#shared/domain/run.ts'
import { thetaFromWeights } from '#shared/model/theta.ts'
import { weightsAt } from './exportRun.ts'
import { readWeights } from './importWeights.ts'
import type { WeightHints } from './weights/recogniseWeights.ts'

/** Weights to start from: a file in any format of docs/formats.md, or a run's snapshot. */
export type WeightsSource =
  | { kind: 'file'; path: string }
  /** The snapshot nearest to and not after the iteration; null for the newest. */
  | { kind: 'run'; runId: number; iteration: number | null }

/** Weights, and where they came from. */
export interface FoundWeights {
  weights: Weights
  origin: InitialWeights
  /** What messages call them. */
  name: string
}

/**
 * @param read   reads a file of weights: here, or in a thread
 * @param hints  what is known of a file's weights beside it
 * @throws LabError notFound; badInput, shape for a file that holds no weights
 */
export async function findWeights(
  library: Library,
  source: WeightsSource,
  read = readWeights,
  hints: WeightHints = {},
): Promise<FoundWeights> {
  if (source.kind === 'file') {
    const { weights } = await read(source.path, hints)
    return {
      weights,
      origin: { kind: 'file', file: path.resolve(source.path) },
      name: path.basename(source.path),
    }
  }
  const { runId } = source
  const { iteration, weights } = weightsAt(library, runId, source.iteration)
  const { name } = getRun(library, runId)
  return { weights, origin: { kind: 'run', runId, name, iteration }, name: `Run ${runId} "${name}"` }
}

/**
 * A new run, `queued`, that starts from these weights instead of random ones.
 * @returns its id
 * @throws LabError shape where they do not fit the dataset or the configuration; as insertRun
 */
export async function insertRunWith(library: Library, run: NewRun, found: FoundWeights): Promise<number> {
  const { weights, origin, name } = found
  const { hidden } = run.config
  refuseMisfit(name, weights, { dataset: findDataset(library, String(run.datasetId)), hidden })
  const id = insertRun(library, { ...run, initialWeights: origin })
  try {
    // A snapshot before any iteration is what a session starts from. Its averages are not known before that.
    await writeSnapshot(
      library,
      id,
      0,
      Float32Array.from(thetaFromWeights(weights)),
      new Float32Array(hidden),
    )
  } catch (error) {
    removeRuns(library, [id])
    throw error
  }
  return id
}

/** @throws LabError shape */
export function refuseMisfit(...of: Parameters<typeof weightsMisfit>): void {
  const misfit = weightsMisfit(...of)
  if (misfit !== null) throw new LabError('shape', misfit)
}
