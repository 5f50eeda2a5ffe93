import type { IterationRecord } from '#shared/domain/run.ts'
import type { LiveMessage } from '#shared/ipc/contract.ts'
import type { FromSession } from './protocol.ts'
import type { TrainingPoint } from './trainer.ts'

/** Records go out together: at most every 100 ms, or 64 of them. */
const flushMs = 100
const flushRecords = 64
/** The live filter grid is drawn at most four times a second. */
const liveWeightsMs = 250
/** Checkpoints are seldom enough that writing stays under 4 MB/s on average. */
const checkpointBytesPerMs = 4_000

export interface SessionOutlets {
  post(message: FromSession): void
  /** Windows that watch; while `watched` is false no weights are copied for them. */
  live: { watched(): boolean; post(message: LiveMessage): void }
}

/** Decides when records, weights, snapshots and checkpoints leave the session. */
export function createSessionReporter(
  { post, live }: SessionOutlets,
  filterValues: number,
  checkpointMs: number,
) {
  let pending: IterationRecord[] = []
  let lastSnapshot = -1
  let flushedAt = -Infinity
  let weightsAt = -Infinity
  let checkpointDueAt = performance.now() + checkpointMs

  function flush() {
    if (pending.length === 0) return
    post({ type: 'iterations', records: pending })
    live.post({ type: 'iterations', records: pending })
    pending = []
    flushedAt = performance.now()
  }

  return {
    flush,
    /**
     * @param elapsedMs   training time since the start of the run
     * @param validation  reconstruction error of the patches held out; null where none are
     */
    record(iteration: number, point: TrainingPoint, elapsedMs: number, validation: number | null) {
      const { theta, rhoHat, ...numbers } = point
      pending.push({ iteration, ...numbers, validation, elapsedMs, rhoHat: Float32Array.from(rhoHat) })
      const now = performance.now()
      if (pending.length >= flushRecords || now - flushedAt >= flushMs) flush()
      if (live.watched() && now - weightsAt >= liveWeightsMs) {
        weightsAt = now
        const W1 = Float32Array.from(theta.subarray(0, filterValues))
        live.post({ type: 'weights', iteration, W1, rhoHat: Float32Array.from(rhoHat) })
      }
    },
    snapshot(iteration: number, point: TrainingPoint) {
      if (lastSnapshot === iteration) return
      lastSnapshot = iteration
      flush()
      const theta = Float32Array.from(point.theta)
      post({ type: 'snapshot', iteration, theta, rhoHat: Float32Array.from(point.rhoHat) })
    },
    checkpointDue: () => performance.now() >= checkpointDueAt,
    checkpoint(iteration: number, bytes: Uint8Array) {
      flush()
      post({ type: 'checkpoint', iteration, bytes })
      checkpointDueAt = performance.now() + checkpointMs + bytes.length / checkpointBytesPerMs
    },
  }
}
