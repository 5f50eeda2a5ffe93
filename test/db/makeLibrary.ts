import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { momentNow } from '#db/clock.ts'
import { openLibrary, type Library } from '#db/library.ts'
import { insertDataset } from '#db/queries/datasets.ts'
import { appendIterations } from '#db/queries/iterations.ts'
import { claimRun, endRun, heartbeat, insertRun, type NewRun } from '#db/queries/runs.ts'
import { writeSnapshot } from '#db/queries/snapshots.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import { isUnderWay, type IterationRecord, type RunStatus } from '#shared/domain/run.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { initialTheta } from '#shared/model/theta.ts'

/** A folder that is gone after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rho-lab-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An empty library on disk, closed and removed after the test. */
export function makeLibrary(folder = makeFolder()): Library {
  const library = openLibrary(folder, { appVersion: '0.0.0-test' })
  onTestFinished(() => library.close())
  return library
}

/** A dataset of `m` grey 2 × 2 patches, or what `draft` says of it. */
export function makeDraft(draft: Partial<DatasetDraft> = {}): DatasetDraft {
  const { m = 6, n = 4 } = draft
  const patches = Float32Array.from({ length: m * n }, (_, i) => 0.1 + (0.8 * ((i * 7) % 11)) / 10)
  const preview = patches.slice(0, n)
  return {
    name: 'photos',
    kind: 'images',
    origin: '/home/ada/photos',
    patches,
    m,
    n,
    patchSize: 2,
    channels: 1,
    normalisation: { kind: 'squash', range: 'sigmoid' },
    seed: 1,
    statistics: {
      before: null,
      after: { mean: 0.5, deviation: 0.2, histogram: { min: 0.1, max: 0.9, counts: [m * n] } },
      threeSigma: 0.6,
      clippedShare: 0.01,
      transparentImages: 1,
    },
    skippedFiles: [{ file: 'notes.txt', reason: 'It is not an image.' }],
    images: [
      {
        file: 'dune.jpg',
        width: 640,
        height: 480,
        patches: m,
        thumbnail: { width: 1, height: 1, rgba: Uint8Array.of(1, 2, 3, 255) },
      },
    ],
    positions: Int32Array.from({ length: 3 * m }, (_, i) => i),
    preview: { count: 1, before: preview.map((value) => value / 2), after: preview },
    whitening: null,
    ...draft,
  }
}

export const makeDataset = (library: Library, draft?: Partial<DatasetDraft>): Promise<number> =>
  insertDataset(library, makeDraft(draft))

/** An iteration whose parts add up to its cost; ρ̂ of h units rises from 0.01. */
export function makeRecord(
  iteration: number,
  record: Partial<IterationRecord> & { h?: number } = {},
): IterationRecord {
  const { h = 3, ...rest } = record
  const reconstruction = 2 / (iteration + 1)
  return {
    iteration,
    cost: reconstruction + 0.25,
    reconstruction,
    weightDecay: 0.125,
    sparsity: 0.125,
    validation: null,
    gradientNorm: 0.5,
    stepLength: 1,
    evaluations: 2 * iteration + 1,
    elapsedMs: 10 * iteration,
    rhoHat: Float32Array.from({ length: h }, (_, j) => 0.01 * (j + 1)),
    ...rest,
  }
}

export interface RunOptions extends Partial<Omit<NewRun, 'config'>> {
  config?: Partial<RunConfig>
  /** Recorded iterations: 0 … count − 1. */
  iterations?: number
  /** Iterations of which weights are kept. */
  snapshots?: number[]
  /** What becomes of it; `running` has the owner "test". */
  status?: RunStatus
}

/** A run over whitened patches of 2 × 2: M turns them by a quarter, so that filters in pixels differ from the weights. */
export async function makeWhitenedRun(
  library: Library,
  options: RunOptions = {},
  mean?: number[],
): Promise<number> {
  const whitening = Float32Array.of(0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0)
  const described = { eigenvalues: [1, 1, 1, 1], components: 4, keptVariance: 1, keptAfterEpsilon: 1 }
  const datasetId = await makeDataset(library, {
    whitening,
    normalisation: { kind: 'zca', epsilon: 0.1, ...(mean && { mean: 'value' }) },
    ...(mean && { statistics: { ...makeDraft().statistics, whitening: { ...described, mean } } }),
  })
  return makeRun(library, { ...options, datasetId })
}

/** A run of 3 hidden units on `datasetId` (by default on a new dataset), with its iterations and snapshots. */
export async function makeRun(library: Library, options: RunOptions = {}): Promise<number> {
  const { iterations = 0, snapshots = [], status = 'queued', config, ...run } = options
  const settings = { ...defaultConfig, hidden: 3, ...config }
  const datasetId = run.datasetId ?? (await makeDataset(library))
  const id = insertRun(library, {
    name: 'edges',
    preset: null,
    tags: [],
    appVersion: '0.0.0-test',
    machine: 'a test',
    ...run,
    datasetId,
    config: settings,
  })
  const h = settings.hidden
  const n =
    library.db
      .prepare<[number], number>('SELECT visible FROM datasets WHERE id = ?')
      .pluck()
      .get(datasetId) ?? 0
  if (iterations > 0)
    appendIterations(
      library,
      id,
      Array.from({ length: iterations }, (_, k) => makeRecord(k, { h })),
    )
  for (const iteration of snapshots) {
    const theta = Float32Array.from(initialTheta({ n, h }, { seed: iteration + 1 }))
    await writeSnapshot(library, id, iteration, theta, makeRecord(iteration, { h }).rhoHat)
  }
  if (status !== 'queued') claimRun(library, id, 'test', momentNow())
  if (status === 'paused') heartbeat(library, 'test', momentNow(), [id])
  if (!isUnderWay(status)) {
    endRun(library, id, { status, outcome: null, message: null, now: momentNow() })
  }
  return id
}
