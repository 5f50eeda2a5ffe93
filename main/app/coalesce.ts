/**
 * Collects calls and passes them on together: the first at once, then at most one every `intervalMs`.
 * @param merge of two values that wait
 */
export function coalesce<T>(
  intervalMs: number,
  merge: (earlier: T, later: T) => T,
  pass: (value: T) => void,
): { push(value: T): void; cancel(): void } {
  let waiting: { value: T } | null = null
  let timer: NodeJS.Timeout | null = null
  const rest = () => {
    timer = setTimeout(() => {
      timer = null
      if (!waiting) return
      const { value } = waiting
      waiting = null
      rest()
      pass(value)
    }, intervalMs)
  }
  return {
    push(value) {
      if (timer) {
        waiting = { value: waiting ? merge(waiting.value, value) : value }
      } else {
        rest()
        pass(value)
      }
    },
    cancel() {
      if (timer) clearTimeout(timer)
      timer = null
      waiting = null
    },
  }
}
