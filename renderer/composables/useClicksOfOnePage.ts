import { onScopeDispose } from 'vue'
import { useNavigation } from '../stores/navigation.ts'

/** Keeps the second click of a double click from the page that its first one opened: it was meant for what is gone. */
export function useClicksOfOnePage(): void {
  const navigation = useNavigation()
  const listening = new AbortController()
  const options = { capture: true, signal: listening.signal }
  let clickedIn = navigation.route.view
  const guard = (event: MouseEvent): void => {
    if (event.detail <= 1) clickedIn = navigation.route.view
    else if (navigation.route.view !== clickedIn) {
      event.stopPropagation()
      event.preventDefault()
    }
  }
  window.addEventListener('click', guard, options)
  window.addEventListener('dblclick', guard, options)
  onScopeDispose(() => listening.abort())
}
