import type { Histogram } from './dataset.ts'

/** A patch that makes a hidden unit active. */
export interface TopPatch {
  /** Row in the dataset's patches. */
  row: number
  /** 1 for the most active patch of all; repeats that are left out count. */
  rank: number
  /** Share of active: the activation, or (1 + a)/2 for tanh. */
  activation: number
  /** Upper left pixel in one of the dataset's images; null where patches have no image. */
  position: { image: number; x: number; y: number } | null
  /** Mean and deviation of its values, as the network sees them. */
  mean: number
  deviation: number
}

/** What a hidden unit makes of its dataset. Activations are shares of active: a itself, or (1 + a)/2 for tanh. */
export interface UnitActivations {
  /** Of the snapshot that was taken. */
  iteration: number
  /** m */
  patches: number
  average: number
  median: number
  largest: number
  /** Share of patches with an activation above 0.5. */
  aboveHalf: number
  /** From 0 to 1. */
  histogram: Histogram
  /** Most active first; of patches that overlap in one image, or are equal, only the most active. */
  top: TopPatch[]
  /** Their values, as many × n row-major. */
  topPatches: Float32Array
}

/** How a hidden unit came about. */
export interface UnitHistory {
  /** Recorded iterations, ascending; of a long run about two thousand, denser at the start. */
  iteration: Float64Array
  /** Average activation there, as the run recorded it. */
  rhoHat: Float32Array
  /** Iterations of a few snapshots, evenly spaced among all, and the unit's filter in each: as many × n. */
  snapshots: number[]
  filters: Float32Array
}

/** The most similar filter of another run. */
export interface UnitMatch {
  runId: number
  name: string
  /** Of the newest weights, which are compared. */
  iteration: number
  /** Index from 0. */
  unit: number
  cosine: number
  /** length n */
  filter: Float32Array
}

/** The filters of two runs in pairs. */
export interface MatchedPair {
  /** Indices into the runs that were asked for. */
  first: number
  second: number
  /** Of each filter of the first run, its partner in the second; −1 for none. */
  partner: Int32Array
  /** Of each filter of the first run, its cosine with the partner; NaN for none. */
  cosine: Float32Array
  /** Mean cosine of the pairs; null where there is none. */
  similarity: number | null
  /** Pairs above 0.7, as a share of the units of the run that has fewer. */
  matchedShare: number
}

/** Filters of runs matched by their newest weights. */
export interface MatchedRuns {
  /** Those that were asked for, with the iteration of the newest weights; null before there are any. */
  runs: { runId: number; iteration: number | null; units: number }[]
  /** Every two runs that can be compared filter by filter, the first one's pairs before others. */
  pairs: MatchedPair[]
}
