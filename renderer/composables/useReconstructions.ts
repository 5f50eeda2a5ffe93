import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { Reconstructions } from '#shared/ipc/contract.ts'
import { call } from '../ipc/call.ts'

const count = 24
const settleMs = 120

/** Chosen once, it holds for every run until the window closes. */
const isWorst = shallowRef(false)

/**
 * A few patches of the dataset, or its worst ones, through the network as it was at an iteration. Asked for only when the iteration has stood still for a
 * moment: dragging through the snapshots does not queue work in main.
 */
export function useReconstructions(runId: number, iteration: Readonly<Ref<number | null>>) {
  const reconstructions = shallowRef<Reconstructions | null>(null)
  /** Iteration that they belong to. */
  const at = shallowRef<number | null>(null)
  const message = shallowRef<string | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function read(wanted: number): Promise<void> {
    try {
      const worst = isWorst.value
      const next = await call(worst ? 'runs.worstPatches' : 'runs.reconstructions', runId, wanted, count)
      if (iteration.value !== wanted || isWorst.value !== worst) return
      reconstructions.value = next === null ? null : worstLast(next)
      at.value = wanted
      message.value = null
    } catch (thrown) {
      message.value = thrown instanceof Error ? thrown.message : String(thrown)
    }
  }

  watch(
    [iteration, isWorst] as const,
    ([next]) => {
      clearTimeout(timer)
      if (next !== null) timer = setTimeout(() => void read(next), settleMs)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))

  return { reconstructions, at, message, isWorst }
}

/** The same patches, ordered by squared error. */
export function worstLast({ count, patches, outputs }: Reconstructions): Reconstructions {
  const visible = count === 0 ? 0 : patches.length / count
  const errors = Array.from({ length: count }, (_, k) => {
    let squares = 0
    for (let i = k * visible; i < (k + 1) * visible; i++) squares += (outputs[i] - patches[i]) ** 2
    return { k, squares }
  }).sort((a, b) => a.squares - b.squares)
  const sorted = (rows: Float32Array): Float32Array => {
    const result = new Float32Array(rows.length)
    errors.forEach(({ k }, place) =>
      result.set(rows.subarray(k * visible, (k + 1) * visible), place * visible),
    )
    return result
  }
  return { count, patches: sorted(patches), outputs: sorted(outputs) }
}
