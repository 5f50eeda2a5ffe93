import { onBeforeUnmount, shallowRef } from 'vue'

/** The present time in milliseconds, renewed every so often, for ages that move on. */
export function useNow(everyMs = 15_000) {
  const now = shallowRef(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), everyMs)
  onBeforeUnmount(() => clearInterval(timer))
  return now
}
