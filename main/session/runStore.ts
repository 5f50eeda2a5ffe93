import { momentNow } from '#db/clock.ts'
import type { Library } from '#db/library.ts'
import { writeCheckpoint } from '#db/queries/checkpoints.ts'
import { appendIterations, truncateIterations } from '#db/queries/iterations.ts'
import type { Claim } from '#db/queries/ownership.ts'
import { endRun, setEngine, type RunEnd } from '#db/queries/runStates.ts'
import { writeSnapshot } from '#db/queries/snapshots.ts'
import type { EngineDescription, IterationRecord } from '#shared/domain/run.ts'

export type StoredRunEnd = Pick<RunEnd, 'status' | 'outcome' | 'message'>

/**
 * Where the words of one session go: all that is ever written of a run while it is carried out. Whoever holds a store
 * has claimed the run, and each write finds out, in its own transaction, whether it is still his. Where it is not, the
 * write throws lostRun and changes nothing: the session is to end.
 */
export interface RunStore {
  /** Forgets what was recorded after an iteration, to go on from there; −1 for all. @throws LabError lostRun */
  rewind(afterIteration: number): void
  /** What really computes. @throws LabError lostRun */
  describe(engine: EngineDescription, versions: Record<string, string>): void
  /** @throws LabError lostRun, libraryBusy, diskFull */
  append(records: readonly IterationRecord[]): void
  /**
   * On disk for good when it resolves; the arrays must not change until then.
   * @param theta  float32 [W1 h×n, W2 n×h, b1, b2]
   * @param rhoHat length h
   * @throws LabError lostRun, shape, libraryBusy, diskFull
   */
  snapshot(iteration: number, theta: Float32Array, rhoHat: Float32Array): Promise<void>
  /** Replaces the last one; as `snapshot`. @throws LabError lostRun, libraryBusy, diskFull */
  checkpoint(iteration: number, bytes: Uint8Array): Promise<void>
  /** Gives the run back: nothing can be written to it from here afterwards. @throws LabError lostRun, conflict */
  end(end: StoredRunEnd): void
}

/** A store over the library, for one claim of one run. */
export function createLibraryStore(library: Library, { runId, owner }: Claim, now = momentNow): RunStore {
  return {
    rewind: (afterIteration) => truncateIterations(library, runId, afterIteration, owner),
    describe: (engine, versions) => setEngine(library, runId, engine, versions, owner),
    append: (records) => appendIterations(library, runId, records, owner),
    snapshot: (iteration, theta, rhoHat) => writeSnapshot(library, runId, iteration, theta, rhoHat, owner),
    checkpoint: (iteration, bytes) => writeCheckpoint(library, runId, iteration, bytes, owner),
    end: (end) => endRun(library, runId, { ...end, now: now(), owner }),
  }
}
