import { MessageChannelMain, type BrowserWindow } from 'electron'
import type { WindowServices } from '#main/ipc/services.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { EventName, Events } from '#shared/ipc/contract.ts'
import { askForExport, askForExportFolder, askForSource } from './dialogs.ts'

/** Main's way to its window, which comes after most of main and goes before it. */
export interface WindowLink extends WindowServices {
  connect(window: BrowserWindow): void
  /** null before it is there, and once it is gone. */
  current(): BrowserWindow | null
  /** @throws LabError internal where there is none */
  window(): BrowserWindow
  /** Shows the window and gives it the keys, where there is one. */
  bringToFront(): void
  /** Tells the window; nobody hears it where there is none. */
  send<E extends EventName>(event: E, payload: Events[E]): void
}

export function createWindowLink(): WindowLink {
  let connected: BrowserWindow | null = null
  const current = () => (connected && !connected.isDestroyed() ? connected : null)
  const window = () => {
    const open = current()
    if (!open) throw new LabError('internal', 'The window is closed.')
    return open
  }
  return {
    connect(window) {
      connected = window
    },
    current,
    window,
    bringToFront() {
      const open = current()
      if (open?.isMinimized()) open.restore()
      open?.show()
      open?.focus()
    },
    send: (event, payload) => current()?.webContents.send(event, payload),
    askForSource: (what) => askForSource(window(), what),
    askForExport: (proposal, kind) => askForExport(window(), proposal, kind),
    askForExportFolder: () => askForExportFolder(window()),
    openLivePort(runId) {
      const { port1, port2 } = new MessageChannelMain()
      window().webContents.postMessage('livePort', runId, [port2])
      return port1
    },
  }
}
