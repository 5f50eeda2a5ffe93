import type { Order } from './protocol.ts'

/** What the user wants of a session, as it comes in while it computes. */
export function createSessionOrders() {
  let isStopped = false
  let whilePaused: { settled: Promise<void>; settle: () => void } | null = null

  return {
    hear({ type }: Order): void {
      if (type === 'pause') {
        whilePaused ??= openPause()
        return
      }
      isStopped ||= type === 'stop'
      whilePaused?.settle()
      whilePaused = null
    },
    stopped: () => isStopped,
    /** Settles when the session is to go on or to stop; null while it is not to pause. */
    pause: (): Promise<void> | null => (isStopped ? null : (whilePaused?.settled ?? null)),
  }
}

function openPause() {
  let settle!: () => void
  const settled = new Promise<void>((resolve) => (settle = resolve))
  return { settled, settle }
}
