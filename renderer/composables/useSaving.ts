import { shallowRef } from 'vue'
import type { SavedKind } from '#shared/domain/savedFile.ts'
import { call, showError } from '../ipc/call.ts'
import { useToasts } from '../stores/toasts.ts'

/** Saves what the window itself has drawn or counted, where the user says. */
export function useSaving() {
  const toasts = useToasts()
  const isSaving = shallowRef(false)

  /** @param name without its ending; @param make  called at once; its error becomes a message */
  async function save(name: string, kind: SavedKind, make: () => Promise<Blob | string>): Promise<void> {
    isSaving.value = true
    try {
      const bytes = new Uint8Array(await new Blob([await make()]).arrayBuffer())
      const path = await call('files.save', { name, kind, bytes })
      if (path !== null) toasts.done(`Saved ${path}`)
    } catch (error) {
      showError(error)
    } finally {
      isSaving.value = false
    }
  }

  return { save, isSaving }
}
