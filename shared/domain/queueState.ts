import type { EngineChoice } from './runConfig.ts'

/** The queue of this process, for the window. */
export interface QueueState {
  /** Under way here, paused ones too; runs of another process are not among them. */
  active: number[]
  /** In the order of their turns. */
  waiting: number[]
  /** Runs trained at a time. */
  parallel: number
  /** Of this machine. */
  cores: number
}

/**
 * How many runs to train at a time. ONNX Runtime and the GPU are filled by one run; the reference engine and
 * WebAssembly take one core each, and one core is left to the rest of the machine.
 */
export function proposedParallel(cores: number, engine: EngineChoice): number {
  const isSingleCore = engine === 'reference' || engine === 'wasm'
  return isSingleCore ? Math.max(1, cores - 1) : 1
}
