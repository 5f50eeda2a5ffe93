import type { Activation, Decoder, RunConfig } from '../domain/runConfig.ts'
import type { Sweep } from '../domain/sweep.ts'
import type { PackedRuns } from './packedRuns.ts'

/** A folder or file that the user chose or dropped; main keeps the path, the window holds the token. */
export interface Source {
  token: string
  kind: 'folder' | 'array' | 'bundle' | 'weights'
  /** Last part of the path, proposed as the dataset's name. */
  name: string
  /** The path as shown to the user. */
  displayPath: string
}

export interface LibrarySummary {
  displayPath: string
  appVersion: string
  /** e.g. "Intel Xeon, 2 cores, 24 GB" */
  machine: string
  runs: number
  datasets: number
  /** Why it can only be read, one sentence; null where it can be written. */
  obstacle: string | null
  /** Why it is not where it was opened, one sentence; null where it is. */
  absence: string | null
}

/** A library that was opened before. */
export interface KnownLibrary {
  key: string
  displayPath: string
}

export interface StartRun {
  datasetId: number
  config: RunConfig
  name: string
  preset: string | null
  tags: string[]
  /** Weights to start from instead of random ones. */
  initialWeights?: InitialWeightsChoice
}

/** A file that the user chose, or a run's snapshot nearest to and not after an iteration (null: its newest). */
export type InitialWeightsChoice =
  { kind: 'file'; token: string } | { kind: 'run'; runId: number; iteration: number | null }

/** A file of weights to take in as a run. */
export interface ImportWeights {
  token: string
  /** With which they are evaluated and looked at. */
  datasetId: number
  name: string
  activation: Activation
  decoder: Decoder
}

export interface StartSweep {
  datasetId: number
  /** Blank: "Sweep" and its number. */
  name: string
  sweep: Sweep
}

/** Variance of the patches that a run trains on, and of those it holds out; null where it holds out none. */
export interface PatchVariances {
  trained: number
  heldOut: number | null
}

/** A few patches through the network: k × n each, row-major. */
export interface Reconstructions {
  count: number
  patches: Float32Array
  outputs: Float32Array
}

/** The first filters of a run's newest weights, for its row in a table: `count` filters, count × visible. */
export interface Sprite {
  runId: number
  count: number
  filters: Float32Array
}

export interface Sparkline {
  runId: number
  /** At most 64 points of the cost, evenly spaced over the iterations. */
  cost: Float32Array
}

/** Some of the runs; what changes from `revision` on is to be asked for with `runs.changes`. */
export interface RunPage {
  revision: number
  rows: PackedRuns
  /** What the page after this one is asked by; null where there are no older runs. */
  next: number | null
}

export interface RunChanges {
  revision: number
  /** New runs, and changed ones as they are now. */
  rows: PackedRuns
  /** Of runs that are in the library no more. */
  removed: number[]
}
