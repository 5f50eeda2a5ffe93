import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { Snapshot, Weights } from '#shared/domain/run.ts'
import { call } from '../../ipc/call.ts'

/**
 * The weights of a run at or before an iteration. The last ones stay until others have been read; units share them, so
 * that going from one to the next reads nothing.
 */
export function useUnitWeights(runId: number, iteration: Readonly<Ref<number>>) {
  const snapshot = shallowRef<Snapshot | null>(null)
  const error = shallowRef<string | null>(null)
  let isDisposed = false

  async function read(wanted: number): Promise<void> {
    try {
      const next = await call('runs.snapshot', runId, wanted)
      if (isDisposed || iteration.value !== wanted) return
      snapshot.value = next
      error.value = next === null ? 'It has no weights yet. The first snapshot brings them.' : null
    } catch (thrown) {
      if (!isDisposed) error.value = thrown instanceof Error ? thrown.message : String(thrown)
    }
  }

  watch(iteration, (wanted) => void read(wanted), { immediate: true })
  onScopeDispose(() => (isDisposed = true))
  return { snapshot, error }
}

/** What a unit's own weights say. */
export interface UnitWeights {
  /** A row of W1, length n. */
  filter: Float32Array
  /** A column of W2, length n. */
  decoder: Float32Array
  bias: number
}

export function weightsOfUnit({ W1, W2, b1, visible, hidden }: Weights, unit: number): UnitWeights {
  return {
    filter: W1.subarray(unit * visible, (unit + 1) * visible),
    decoder: Float32Array.from({ length: visible }, (_, i) => W2[i * hidden + unit]),
    bias: b1[unit],
  }
}
