import { app, BrowserWindow, MessageChannelMain, session, type Details, type MessagePortMain } from 'electron'
import type { FromWindow, ToWindow } from '#main/session/hosts/gpuProtocol.ts'
import { createComputeFiles } from './computeFiles.ts'
import { cleanExit, describeExit, type Exit } from './exitReason.ts'
import type { Log } from './log.ts'
import { scheme, serveRendererFile } from './rendererFiles.ts'
import { secureSession } from './security.ts'

const computeUrl = `${scheme}://app/compute.html`

export interface ComputeWindow {
  post(message: ToWindow, ports?: MessagePortMain[]): void
  onMessage(listener: (message: FromWindow) => void): void
  /** Resolves, never rejects, when the window or its process has ended. */
  ended: Promise<Exit>
  /** Ends it at once; that is a clean exit, being asked for. */
  end(): void
}

export interface ComputeWindows {
  /** @param name at the start of a sentence about it, e.g. "The session" */
  open(name: string): ComputeWindow
  /** @returns an address at which one window can fetch the file, once */
  offerFile(path: string): string
}

export interface ComputeWindowOptions {
  /** Of the built preload script. */
  preload: string
  /** Of the built pages. */
  folder: string
  log: Log
}

/**
 * Hidden windows that reach the GPU through Chromium: the only processes of an app that do. They are as closed as the
 * visible one, have no calls to main but a port, and see no files but the built ones and those they are offered.
 */
export function createComputeWindows({ preload, folder, log }: ComputeWindowOptions): ComputeWindows {
  const files = createComputeFiles()
  // Only in memory: nothing of it stays on disk.
  const computeSession = session.fromPartition('compute')
  secureSession(computeSession, log)
  computeSession.protocol.handle(
    scheme,
    (request) => files.answer(request) ?? serveRendererFile(folder, request),
  )
  return { offerFile: files.offer, open: (name) => openWindow(name, preload, log) }
}

function openWindow(name: string, preload: string, log: Log): ComputeWindow {
  const window = new BrowserWindow({
    title: 'Rho Lab computes',
    show: false,
    skipTaskbar: true,
    focusable: false,
    webPreferences: {
      preload,
      partition: 'compute',
      contextIsolation: true,
      sandbox: true,
      devTools: !app.isPackaged,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // A hidden page's timers would run once a second.
      backgroundThrottling: false,
    },
  })
  const { webContents: contents } = window
  const { port1: port, port2 } = new MessageChannelMain()
  let endAsked = false
  let gone: Pick<Details, 'reason' | 'exitCode'> | null = null

  const ended = new Promise<Exit>((resolve) => {
    window.once('closed', () => {
      port.close()
      if (endAsked) return resolve(cleanExit)
      const code = gone?.exitCode ?? 1
      const exit = describeExit({ name, code, gone, lastWords: '' })
      log.warn(`${name} in a compute window ended`, { gone })
      resolve(exit)
    })
  })
  const end = () => {
    endAsked = true
    if (!window.isDestroyed()) window.destroy()
  }
  contents.on('render-process-gone', (_event, details) => {
    gone = details
    window.destroy()
  })
  contents.on('preload-error', (_event, path, error) => log.error(`${path} failed`, error))
  contents.on('console-message', ({ level, message }) => {
    if (level === 'warning' || level === 'error') log.warn(`${name} in a compute window: ${message}`)
  })
  contents.once('did-finish-load', () => contents.postMessage('computePort', null, [port2]))
  contents.once('did-fail-load', (_event, code, description) => {
    log.error(`${computeUrl} failed to load`, { code, description })
    window.destroy()
  })
  port.start()
  void contents.loadURL(computeUrl).catch(() => undefined)

  return {
    post: (message, ports = []) => port.postMessage(message, ports),
    onMessage: (listener) => port.on('message', ({ data }) => listener(data as FromWindow)),
    ended,
    end,
  }
}
