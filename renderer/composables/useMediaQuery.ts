import { onScopeDispose, shallowRef } from 'vue'

/** Whether a media query holds now. */
export function useMediaQuery(query: string) {
  const list = matchMedia(query)
  const holds = shallowRef(list.matches)
  const follow = (event: MediaQueryListEvent): void => void (holds.value = event.matches)
  list.addEventListener('change', follow)
  onScopeDispose(() => list.removeEventListener('change', follow))
  return holds
}
