import { onBeforeUnmount, watch, type Ref } from 'vue'

/** Popups that are open now, in the order of opening. */
const popups = new Set<Ref<boolean>>()

/** Dialogs and menus of the component library; those that are fading away no longer count. */
const others =
  'dialog[open], .n-dropdown-menu:not([class*="leave"]), .n-base-select-menu:not([class*="leave"])'

/** Whether a dialog or a menu has the keys to itself. */
export const isAnythingInFront = (): boolean => popups.size > 0 || document.querySelector(others) !== null

/** Makes a popup of our own have the keys to itself while it is open, and close on Escape. */
export function usePopup(isOpen: Ref<boolean>): void {
  function listen(event: KeyboardEvent): void {
    if (event.key === 'Escape') isOpen.value = false
  }
  function close(): void {
    popups.delete(isOpen)
    window.removeEventListener('keydown', listen)
  }
  watch(isOpen, (open) => {
    if (!open) return close()
    popups.add(isOpen)
    window.addEventListener('keydown', listen)
  })
  onBeforeUnmount(close)
}
