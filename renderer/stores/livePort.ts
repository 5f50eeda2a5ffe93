import type { LiveMessage } from '#shared/ipc/contract.ts'

export interface LivePort {
  /** Asks main for a port; false where this process does not carry the run out. */
  watch(): Promise<boolean>
  /** No more messages; the session lets go of its end. */
  close(): void
}

/** What a live port needs from the window: calls to main, and where ports arrive. */
export interface LivePortHost {
  window: Window
  watch(runId: number): Promise<boolean>
}

interface PortMessage {
  type: 'livePort'
  runId: number
}

const isPortMessage = (value: unknown): value is PortMessage =>
  typeof value === 'object' && value !== null && (value as PortMessage).type === 'livePort'

/**
 * Listens to one running session. The port comes as a message of this window (from preload), never from a frame or
 * another window.
 */
export function createLivePort(
  runId: number,
  host: LivePortHost,
  onMessage: (message: LiveMessage) => void,
): LivePort {
  let port: MessagePort | null = null
  let isClosed = false

  function take(event: MessageEvent): void {
    if (event.source !== host.window || !isPortMessage(event.data) || event.data.runId !== runId) return
    const [received] = event.ports
    if (received === undefined) return
    port?.close()
    port = received
    port.addEventListener('message', ({ data }: MessageEvent<LiveMessage>) => {
      if (!isClosed) onMessage(data)
    })
    port.start()
  }

  host.window.addEventListener('message', take)

  return {
    watch: () => host.watch(runId),
    close() {
      if (isClosed) return
      isClosed = true
      host.window.removeEventListener('message', take)
      port?.close()
    },
  }
}
