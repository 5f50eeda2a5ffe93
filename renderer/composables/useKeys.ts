import { onBeforeUnmount, onMounted } from 'vue'

type Bindings = Readonly<Record<string, (event: KeyboardEvent) => unknown>>

/** Whether a key goes into a field. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=range], [type=checkbox]), textarea, select'))
  )
}

/** Whether a dialog, or what a button opened, has the keys to itself. */
const isAnythingInFront = (): boolean => document.querySelector('dialog[open], :popover-open') !== null

/** Looked at before anybody handles the key: Escape may have closed what was in front when the event arrives here. */
let isBehind = false
window.addEventListener('keydown', () => (isBehind = isAnythingInFront()), { capture: true })

/** "c", "ArrowUp", "Escape"; "mod+k" is Cmd-K or Ctrl-K. Shift is for the binding to look at. */
function nameOf(event: KeyboardEvent): string | null {
  if (event.altKey) return null
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const isMod = window.lab.platform === 'darwin' ? event.metaKey : event.ctrlKey
  if (event.ctrlKey || event.metaKey) return isMod ? `mod+${key}` : null
  return key
}

/**
 * Keys of the window while the component is there; not while one types in a field or something is in front, not when a
 * nearer listener has taken the event. A binding takes the event, unless it returns false: then others may.
 */
export function useKeys(bindings: Bindings): void {
  function listen(event: KeyboardEvent): void {
    const name = nameOf(event)
    if (name === null || !Object.hasOwn(bindings, name)) return
    if (event.defaultPrevented || isBehind) return
    if (isTyping(event) && !name.startsWith('mod+')) return
    // Enter and Space belong to the button that has the focus.
    if (
      (name === 'Enter' || name === ' ') &&
      event.target instanceof HTMLElement &&
      event.target.matches('button, a')
    ) {
      return
    }
    if (bindings[name](event) !== false) event.preventDefault()
  }
  onMounted(() => window.addEventListener('keydown', listen))
  onBeforeUnmount(() => window.removeEventListener('keydown', listen))
}
