import type { ErrorReply } from '#shared/domain/labError.ts'
import type { EngineDescription, IterationRecord, Outcome, RunStatus } from '#shared/domain/run.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import type { PatchesFile } from '#shared/domain/storedPart.ts'
import type { LiveMessage } from '#shared/ipc/contract.ts'

/** What a session needs to start; patches come as a file so that they never pass through main. */
export interface SessionStart {
  type: 'start'
  runId: number
  config: RunConfig
  /** Where its float32 patches lie, m × n row-major, little-endian; the session checks that they are what they were. */
  patches: PatchesFile
  m: number
  n: number
  /** Bytes of a checkpoint to go on from. */
  checkpoint: Uint8Array | null
  /** What computed the run up to the checkpoint: it goes on with the same, where that is possible. */
  engine: EngineDescription | null
  /** Stops with a checkpoint when it has reached this iteration; null to go on to the end. */
  stopAfter: number | null
  /** Parameters to start from instead of random ones, float64 theta. */
  initialTheta: Float64Array | null
  /** Threads to compute with; null for what measuring finds. */
  threads: number | null
  /** Between two checkpoints, at least. */
  checkpointMs: number
}

/** A paused session keeps its memory and computes nothing until it is to continue, or to stop. */
export interface Order {
  type: 'stop' | 'pause' | 'continue'
}

export type ToSession = SessionStart | Order

/**
 * Ends a session's thread between two calculations. To terminate it in the middle of one ends the whole process: what
 * ONNX Runtime wants to tell JavaScript then has nobody to go to.
 */
export const leave = 'leave'

export type FromSession =
  | { type: 'engine'; engine: EngineDescription; versions: Record<string, string> }
  | { type: 'iterations'; records: IterationRecord[] }
  | { type: 'snapshot'; iteration: number; theta: Float32Array; rhoHat: Float32Array }
  | { type: 'checkpoint'; iteration: number; bytes: Uint8Array }
  /** Says that the order has been carried out. */
  | { type: 'paused' | 'continued' }
  | {
      type: 'ended'
      status: Extract<RunStatus, 'finished' | 'stopped' | 'failed'>
      outcome: Outcome | null
      error: ErrorReply | null
    }

/** Where a session says what it has to say: main's end, or a window that watches. */
export interface Port<Out, In> {
  post(message: Out): void
  onMessage(listener: (message: In) => void): void
}

export type LivePort = Pick<Port<LiveMessage, never>, 'post'>
