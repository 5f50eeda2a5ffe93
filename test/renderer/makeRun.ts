import type { DatasetSummary } from '#shared/domain/dataset.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'

/** A finished run as a list holds it. */
export function makeRun(change: Partial<RunSummary> = {}): RunSummary {
  return {
    id: 1,
    name: 'fig 3, seed 1',
    status: 'finished',
    outcome: 'maxIterations',
    message: null,
    datasetId: 1,
    datasetName: 'nature-13',
    config: defaultConfig,
    preset: 'edges',
    sweepId: null,
    tags: ['thesis', 'fig 3'],
    createdAt: '2026-01-02T03:04:05.000Z',
    startedAt: '2026-01-02T03:04:05.000Z',
    endedAt: '2026-01-02T03:05:05.000Z',
    iterations: 400,
    cost: 0.2,
    reconstruction: 0.13,
    weightDecay: 0.06,
    sparsity: 0.01,
    validation: null,
    rhoHat: { min: 0.009, mean: 0.0101, max: 0.011 },
    deadUnits: 0,
    evaluations: 420,
    elapsedMs: 60_000,
    engine: {
      engine: 'onnx',
      backend: 'ONNX Runtime',
      device: 'CPU, 2 threads',
      precision: 'float32',
      reason: '',
    },
    hasCheckpoint: false,
    visible: 64,
    patchSize: 8,
    channels: 1,
    isArchived: false,
    ...change,
  }
}

/** 10,000 patches of 8 × 8 for sigmoid units. */
export function makeDataset(change: Partial<DatasetSummary> = {}): DatasetSummary {
  return {
    id: 1,
    name: 'nature-13',
    kind: 'images',
    createdAt: '2026-01-01T00:00:00.000Z',
    patches: 10_000,
    visible: 64,
    patchSize: 8,
    channels: 1,
    normalisation: { kind: 'squash', range: 'sigmoid' },
    seed: 1,
    hash: 'ab'.repeat(32),
    sizeBytes: 2_560_000,
    images: 13,
    skipped: 0,
    runs: 0,
    labels: null,
    origin: '/pictures/nature',
    ...change,
  }
}
