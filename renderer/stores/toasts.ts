import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export interface Toast {
  id: number
  kind: 'error' | 'done' | 'doing'
  text: string
  /** What can be done about it while it is shown. */
  action?: ToastAction
}

export interface ToastAction {
  label: string
  keys?: string
  perform(): void
}

const doneVisibleMs = 5_000

/** Short messages at the foot of the window; an error stays until it is dismissed. */
export const useToasts = defineStore('toasts', () => {
  const toasts = shallowRef<readonly Toast[]>([])
  let lastId = 0

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  function show(
    kind: Toast['kind'],
    text: string,
    { action, visibleMs = doneVisibleMs }: { action?: ToastAction; visibleMs?: number } = {},
  ): number {
    const id = ++lastId
    // The same sentence twice is one message.
    toasts.value = [...toasts.value.filter((toast) => toast.text !== text), { id, kind, text, action }].slice(
      -4,
    )
    if (kind === 'done') setTimeout(() => dismiss(id), visibleMs)
    return id
  }

  return {
    toasts,
    dismiss,
    error: (text: string) => show('error', text),
    done: (text: string) => show('done', text),
    /** What takes a while, until it is dismissed by its id. @returns that */
    doing: (text: string, action: ToastAction) => show('doing', text, { action }),
    /** As `done`, with something that can be done about it for a while. @returns its id */
    offer: (text: string, action: ToastAction, visibleMs: number) =>
      show('done', text, { action, visibleMs }),
  }
})
