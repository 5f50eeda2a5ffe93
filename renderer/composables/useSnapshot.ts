import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { RunDetail, Snapshot } from '#shared/domain/run.ts'
import { call } from '../ipc/call.ts'
import type { LiveRun } from '../stores/liveRun.ts'

/** Filters at one iteration: from a snapshot or from the running session. */
export interface ShownFilters {
  iteration: number
  /** h × n row-major */
  W1: Float32Array
  /** length h */
  rhoHat: Float32Array
  isLive: boolean
}

const cacheBytes = 96 * 1024 * 1024

const sizeBytes = ({ weights }: Snapshot): number => weights.W1.byteLength + weights.W2.byteLength

/** The snapshots last looked at, so that going back and forth does not read them again. */
class SnapshotCache {
  private readonly snapshots = new Map<number, Snapshot>()
  private bytes = 0

  get(iteration: number): Snapshot | undefined {
    return this.snapshots.get(iteration)
  }

  put(snapshot: Snapshot): void {
    if (this.snapshots.has(snapshot.iteration)) return
    this.snapshots.set(snapshot.iteration, snapshot)
    this.bytes += sizeBytes(snapshot)
    for (const [iteration, oldest] of this.snapshots) {
      if (this.bytes <= cacheBytes || iteration === snapshot.iteration) break
      this.snapshots.delete(iteration)
      this.bytes -= sizeBytes(oldest)
    }
  }
}

/** The run's snapshot at or before an iteration; the newest for null. */
function snapshotIteration(detail: RunDetail, iteration: number | null): number | null {
  const upTo = iteration ?? Infinity
  return detail.snapshots.findLast((snapshot) => snapshot.iteration <= upTo)?.iteration ?? null
}

/**
 * The filters to show at an iteration, or the newest (live, where there is a session) for null. What was shown stays
 * until what follows has been read, so that nothing flickers.
 */
export function useSnapshot(run: LiveRun, runId: number, picked: Readonly<Ref<number | null>>) {
  const shown = shallowRef<ShownFilters | null>(null)
  const error = shallowRef<string | null>(null)
  const cache = new SnapshotCache()
  let wanted: number | null = null
  let isDisposed = false

  function show({ iteration, weights, rhoHat }: Snapshot): void {
    if (shown.value?.isLive || shown.value?.iteration !== iteration) {
      shown.value = { iteration, W1: weights.W1, rhoHat, isLive: false }
    }
    error.value = null
  }

  async function load(iteration: number): Promise<void> {
    const known = cache.get(iteration)
    if (known) return show(known)
    try {
      const snapshot = await call('runs.snapshot', runId, iteration)
      if (isDisposed || snapshot === null) return
      cache.put(snapshot)
      if (wanted === iteration) show(snapshot)
    } catch (thrown) {
      if (!isDisposed) error.value = thrown instanceof Error ? thrown.message : String(thrown)
    }
  }

  watch(
    [picked, run.detail, run.weights] as const,
    ([iteration, detail, live]) => {
      if (iteration === null && live !== null) {
        wanted = null
        shown.value = { ...live, isLive: true }
        return
      }
      const next = detail === null ? null : snapshotIteration(detail, iteration)
      if (next === null) return
      wanted = next
      void load(next)
    },
    { immediate: true },
  )
  onScopeDispose(() => (isDisposed = true))

  return { shown, error }
}
