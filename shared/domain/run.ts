import type { InitialWeights } from './initialWeights.ts'
import type { EngineName, RunConfig } from './runConfig.ts'

/**
 * queued → running → finished | stopped | failed; a running run whose owner is gone is `interrupted`. A `paused` run
 * keeps its process and its memory, and goes on where it stands. stopped and interrupted runs (and failed ones with a
 * checkpoint) can be resumed: → running.
 */
export const runStatuses = [
  'queued',
  'running',
  'paused',
  'finished',
  'stopped',
  'failed',
  'interrupted',
] as const
export type RunStatus = (typeof runStatuses)[number]
/** Of a run that some process has in its hands. */
export type UnderWay = Extract<RunStatus, 'queued' | 'running' | 'paused'>
export type EndedStatus = Exclude<RunStatus, UnderWay>

export const isUnderWay = (status: RunStatus): status is UnderWay =>
  status === 'queued' || status === 'running' || status === 'paused'

export const transitions: Record<RunStatus, readonly RunStatus[]> = {
  queued: ['running', 'stopped', 'failed', 'interrupted'],
  running: ['paused', 'finished', 'stopped', 'failed', 'interrupted'],
  paused: ['running', 'stopped', 'failed', 'interrupted'],
  finished: [],
  stopped: ['queued', 'running'],
  failed: ['queued', 'running'],
  interrupted: ['queued', 'running'],
}

/** Why the optimiser stopped; the last three say how the process ended that was to do it. */
export const outcomes = [
  'converged',
  'maxIterations',
  'stopped',
  'lineSearchFailed',
  'diverged',
  'crashed',
  'killed',
  'outOfMemory',
] as const
export type Outcome = (typeof outcomes)[number]

/** Why a run ended, for people. */
export const outcomeNames: Record<Outcome, string> = {
  converged: 'converged',
  maxIterations: 'all iterations done',
  stopped: 'stopped',
  lineSearchFailed: 'line search found no lower cost',
  diverged: 'diverged',
  crashed: 'crashed',
  killed: 'killed',
  outOfMemory: 'out of memory',
}

/** One iteration: an L-BFGS step, or an epoch. Cost parts are weighted and add up to `cost`. */
export interface IterationRecord {
  iteration: number
  cost: number
  reconstruction: number
  weightDecay: number
  sparsity: number
  /** Reconstruction error of the patches held out, on the scale of `reconstruction`; null where none are. */
  validation: number | null
  /** ‖∇J‖₂ over all parameters. */
  gradientNorm: number
  /** Step length of the line search, or the learning rate. */
  stepLength: number
  /** Evaluations of cost and gradient since the start. */
  evaluations: number
  /** Training time since the start, across resumes. */
  elapsedMs: number
  /** Average activation of every hidden unit, length h. */
  rhoHat: Float32Array
}

/** How many iterations of a run a window reads at once. */
export const seriesPage = 20_000

/** The columns of many iterations, for charts: each of length `count`. */
export interface IterationColumns {
  count: number
  iteration: Float64Array
  cost: Float64Array
  reconstruction: Float64Array
  weightDecay: Float64Array
  sparsity: Float64Array
  /** NaN where no patches are held out. */
  validation: Float64Array
  gradientNorm: Float64Array
  stepLength: Float64Array
  evaluations: Float64Array
  elapsedMs: Float64Array
  /** Quantiles of ρ̂ over hidden units. */
  rhoHatMin: Float64Array
  rhoHatLower: Float64Array
  rhoHatMedian: Float64Array
  rhoHatUpper: Float64Array
  rhoHatMax: Float64Array
  rhoHatMean: Float64Array
}

/** What really computed, read back from the engine; never what was asked for. */
export interface EngineDescription {
  engine: EngineName
  /** e.g. "ONNX Runtime 1.30.0", "gpu.js WebAssembly" */
  backend: string
  /** e.g. "CPU, 2 threads" or the adapter's name */
  device: string
  precision: 'float32' | 'float64'
  /** Threads of the processor, where sums may depend on their number: a resumed run takes as many. */
  threads?: number
  /** Why this engine, one sentence. */
  reason: string
}

export interface RhoHatSummary {
  min: number
  mean: number
  max: number
}

/** A run as lists show it; never holds series or blobs. */
export interface RunSummary {
  id: number
  name: string
  status: RunStatus
  outcome: Outcome | null
  /** One sentence when it failed. */
  message: string | null
  datasetId: number
  datasetName: string
  config: RunConfig
  /** Preset it was started from, if any. */
  preset: string | null
  /** Sweep that it belongs to, if any. */
  sweepId: number | null
  tags: string[]
  createdAt: string
  startedAt: string | null
  endedAt: string | null
  /** Iterations done. */
  iterations: number
  cost: number | null
  reconstruction: number | null
  weightDecay: number | null
  sparsity: number | null
  /** Reconstruction error of the patches held out; null where none are. */
  validation: number | null
  rhoHat: RhoHatSummary | null
  /** Hidden units whose ρ̂ is below a tenth of ρ's distance to it: ρ̂ < ρ/10 (r for tanh); null too where no ρ is aimed at. */
  deadUnits: number | null
  evaluations: number
  elapsedMs: number
  engine: EngineDescription | null
  hasCheckpoint: boolean
  /** Patch geometry, to draw filters. */
  visible: number
  patchSize: number | null
  channels: 1 | 3
  /** Put away: lists leave it out unless they are asked for it. */
  isArchived: boolean
}

/** Where a snapshot of the weights exists. */
export interface SnapshotRef {
  iteration: number
}

/** A run as its own page shows it. */
export interface RunDetail extends RunSummary {
  notes: string
  /** What it started from; null for random weights from its seed. */
  initialWeights: InitialWeights | null
  datasetHash: string
  datasetPatches: number
  snapshots: SnapshotRef[]
  /** Where it would be resumed; null without a checkpoint. */
  checkpointIteration: number | null
  appVersion: string
  engineVersions: Record<string, string>
  machine: string
}

/** Weights at one iteration; row-major float32, shapes as in docs/model.md. */
export interface Weights {
  visible: number
  hidden: number
  W1: Float32Array
  W2: Float32Array
  b1: Float32Array
  b2: Float32Array
}

export interface Snapshot {
  iteration: number
  weights: Weights
  rhoHat: Float32Array
}
