import type { EngineDescription } from '#shared/domain/run.ts'
import type { EngineName, Hyperparameters, Optimiser } from '#shared/domain/runConfig.ts'

/** The one shape that an engine is compiled for: m patches of n pixels, h hidden units, `batch` patches a step. */
export interface EngineShape {
  m: number
  n: number
  h: number
  batch: number
  /** Whether targets are other values than the inputs; absent where what is to come out is what goes in. */
  hasTargets?: boolean
}

/** Everything an engine bakes into its kernels or graph. */
export interface EngineSettings {
  hyper: Hyperparameters
  optimiser: Optimiser
  momentum: number
  rhoHatDecay: number
  /** Threads to compute with; the engine's own choice where absent. */
  threads?: number
  /** Whether threads wait for each other spinning; the engine's own choice where absent. No result depends on it. */
  spin?: boolean
}

/** Patches m × n, row-major. Datasets are float32; float64 serves checks against exact numbers. */
export type Patches = Float32Array | Float64Array

/** What is learnt: inputs, and what is to come out for each. Both m × n, and one and the same array where they are equal. */
export interface Examples {
  inputs: Patches
  targets: Patches
}

/** Patches that are to come out as they went in. */
export const reproducing = (patches: Patches): Examples => ({ inputs: patches, targets: patches })

export interface Evaluation {
  /** Σ ‖ŷ − y‖² over the patches; neither halved nor averaged. */
  squaredError: number
  /** Average activation of each hidden unit, length h. */
  rhoHat: Float64Array
}

/** State of a mini-batch optimiser: resident in the engine between steps, exact when read. */
export interface MiniBatchState {
  theta: Float64Array
  /** Adam's first moment, or SGD's velocity; length of theta. */
  firstMoment: Float64Array
  /** Adam's second moment; empty for SGD. */
  secondMoment: Float64Array
  /** Moving average of ρ̂, length h; NaN before the first step. */
  rhoHat: Float64Array
  /** Steps taken. */
  step: number
}

export interface StepsResult {
  /** Σ ‖ŷ − y‖² of each step's batch. */
  squaredError: Float64Array
}

/**
 * Computes the cost's ingredients and the complete gradient (with weight decay and the sparsity term).
 * Prepared for one shape and one set of hyperparameters; holds the examples, activations and deltas.
 */
export interface Engine {
  /** What really runs, and the versions of the libraries it runs on. */
  describe(): Omit<EngineDescription, 'reason'> & { versions: Record<string, string> }
  /** @param examples kept (not copied where that can be avoided) and only read; may be set anew at any time */
  setExamples(examples: Examples): Promise<void>
  /**
   * Full batch.
   * @param theta     [W1 h×n, W2 n×h, b1, b2]; only read
   * @param gradient  length of theta; overwritten with ∇J
   */
  evaluate(theta: Float64Array, gradient: Float64Array): Promise<Evaluation>
  loadState(state: MiniBatchState): Promise<void>
  /**
   * One step of the mini-batch optimiser per `batch` entries of `order` (the last may be shorter).
   *
   * Each step: the mean activation of the batch enters the moving average ρ̂ ← decay·ρ̂ + (1 − decay)·mean (the
   * first step takes the mean itself). The gradient is that of docs/model.md over the batch's rows, with this
   * ρ̂ in the sparsity term and the full factor β. Then Adam or SGD with momentum moves theta.
   * @param order  patch indices, in the order to visit
   * @param rates  learning rate of each step, ⌈order.length / batch⌉ long
   */
  steps(order: Uint32Array, rates: Float64Array): Promise<StepsResult>
  readState(): Promise<MiniBatchState>
  dispose(): Promise<void>
}

export interface EngineProbe {
  available: boolean
  device: string
  /** Why, or why not, in one sentence. */
  reason: string
  /** false where the device is made of software, such as a GPU drawn by the processor: `auto` never takes it. */
  hardware?: boolean
}

/** How an engine computes a shape best on this machine, found by measuring. */
export interface Tuning {
  settings: EngineSettings
  /** One gradient, or one mini-batch step; milliseconds. */
  workMs: number
  /** Whether nothing disturbed the measurement, so that it is remembered. */
  undisturbed: boolean
}

/** One way to compute: what `main/engine/<name>/` exports. */
export interface EngineFactory {
  name: EngineName
  /** Whether this process can compute with it, without compiling anything for a shape. */
  probe(): Promise<EngineProbe>
  /** Where there is something to choose: measures for a moment, or remembers what was measured before. */
  tune?(shape: EngineShape, settings: EngineSettings): Promise<Tuning>
  /** Where another process computes: one gradient or mini-batch step there, milliseconds. */
  measure?(shape: EngineShape, settings: EngineSettings): Promise<number>
  /** Compiles for this shape and no other. @throws LabError engineUnavailable */
  create(shape: EngineShape, settings: EngineSettings): Promise<Engine>
}
