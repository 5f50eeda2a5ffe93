import { app, powerMonitor, type BrowserWindow } from 'electron'
import type { Closing } from './closing.ts'
import { askAfterCrash } from './dialogs.ts'
import type { Log } from './log.ts'

export interface LifecycleOptions {
  window: BrowserWindow
  closing: Closing
  /** Brings the window back. */
  show(): void
  log: Log
}

/** All the ways in which the lab ends, or its window does. */
export function listenForEnd({ window, closing, show, log }: LifecycleOptions): void {
  window.on('close', closing.closeWindow)
  app.on('before-quit', closing.quitApp)
  app.on('window-all-closed', () => app.quit())
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void closing.now())
  // Where the event can be prevented (Linux, macOS) the system waits a little for the checkpoints.
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    event?.preventDefault()
    void closing.now()
  })

  app.on('second-instance', show)
  app.on('activate', show)

  // Sessions are processes of their own: they go on without the window.
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.error(`the window's process is gone: ${reason}, exit code ${exitCode}`)
    if (reason === 'clean-exit' || window.isDestroyed()) return
    void askAfterCrash(window).then((reload) => (reload ? window.reload() : window.close()))
  })
  window.webContents.on('preload-error', (_event, path, error) => log.error(`${path} failed`, error))

  process.on('uncaughtException', (error) => log.error('uncaught', error))
  process.on('unhandledRejection', (reason) => log.error('unhandled rejection', reason))
}
