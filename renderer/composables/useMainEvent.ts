import { onBeforeUnmount } from 'vue'
import type { EventName, Events } from '#shared/ipc/contract.ts'

/** Listens to what main says, for as long as the component is there. */
export function useMainEvent<E extends EventName>(event: E, listener: (payload: Events[E]) => void): void {
  onBeforeUnmount(window.lab.on(event, listener))
}
