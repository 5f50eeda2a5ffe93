import { onScopeDispose, shallowRef, watch } from 'vue'

/**
 * What main answers to a question that changes. It is asked once the question has stood still for a moment, so that
 * stepping through units queues no work. The last answer stays until the next has come; `isStale` says so.
 * @param question  null while there is nothing to ask
 * @param settleMs  how long that moment is
 */
export function useAnswer<Q, A>(question: () => Q | null, ask: (question: Q) => Promise<A>, settleMs = 60) {
  const value = shallowRef<A | null>(null)
  const error = shallowRef<string | null>(null)
  const isStale = shallowRef(true)
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function get(next: Q): Promise<void> {
    const number = ++asked
    try {
      const answer = await ask(next)
      if (number !== asked) return
      value.value = answer
      error.value = null
    } catch (thrown) {
      if (number !== asked) return
      value.value = null
      error.value = thrown instanceof Error ? thrown.message : String(thrown)
    }
    isStale.value = false
  }

  watch(
    question,
    (next, previous) => {
      clearTimeout(timer)
      asked++
      isStale.value = true
      if (next === null) return
      // The first time there is nothing to wait for.
      if (previous === undefined || previous === null) void get(next)
      else timer = setTimeout(() => void get(next), settleMs)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    asked++
  })

  return { value, error, isStale }
}
