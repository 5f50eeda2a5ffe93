import type { EngineChoice } from './runConfig.ts'

/** Runs to train at a time; `auto`: what fits the cores and the engines of the runs. */
export type ParallelChoice = number | 'auto'

export interface Parallel {
  choice: ParallelChoice
  /** What comes of the choice. */
  count: number
  proposal: ParallelProposal
}

export interface ParallelProposal {
  count: number
  /** The engine that decides it. */
  engine: EngineChoice
}

/** The queue of this process, for the window. */
export interface QueueState {
  /** Under way here, paused ones too; runs of another process are not among them. */
  active: number[]
  /** In the order of their turns. */
  waiting: number[]
  parallel: Parallel
  /** Of this machine. */
  cores: number
}

/** The reference engine and WebAssembly take one core for a run; ONNX Runtime and the GPU are filled by one. */
export const takesOneCore = (engine: EngineChoice): boolean => engine === 'reference' || engine === 'wasm'

/**
 * How many runs with these engines to train at a time: one where one of them fills the machine, else one a core but
 * for the core that is left to the rest of the machine.
 * @param engines  at least one: of the runs under way and of the next one
 */
export function proposedParallel(cores: number, engines: readonly EngineChoice[]): ParallelProposal {
  const filling = engines.find((engine) => !takesOneCore(engine))
  if (filling !== undefined) return { count: 1, engine: filling }
  return { count: Math.max(1, cores - 1), engine: engines[0] }
}
