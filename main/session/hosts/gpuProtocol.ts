import type { EngineProbe, EngineSettings, EngineShape } from '#main/engine/engine.ts'
import type { FromSession, Order, SessionStart, ToSession } from '../protocol.ts'

/** The GPU as one process of the app tells another of it, since only a window reaches it. */
export type GpuProbe = EngineProbe

/** To a compute window. A window answers one `probe` or `measure`, or carries out one session. */
export type ToWindow =
  | { type: 'probe' }
  | { type: 'measure'; shape: EngineShape; settings: EngineSettings }
  /** @see SessionStart, but the path of `patches` is an address that the window may fetch once */
  | { type: 'session'; start: SessionStart; reason: string }
  | Order
  /** Comes with the port of a window that watches. */
  | { type: 'watch' }

export type FromWindow =
  | { type: 'probed'; probe: GpuProbe }
  /** One gradient or mini-batch step, milliseconds; null where it cannot be computed there. */
  | { type: 'measured'; workMs: number | null }
  | FromSession

/** To a session in a utility process. */
export type ToUtility =
  | ToSession
  /** Before `start`: the GPU that the session may hand its run over to. */
  | { type: 'gpu'; probe: GpuProbe }
  | { type: 'measured'; workMs: number | null }
  | { type: 'watch' }

export type FromUtility =
  | FromSession
  /** Asks for `measured`. */
  | { type: 'measure'; shape: EngineShape; settings: EngineSettings }
  /** The GPU is to compute this run: the session ends here and starts in a compute window. */
  | { type: 'handOver'; reason: string }
