import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import { localeArgument } from '#shared/ipc/channels.ts'
import type { LabArguments } from './arguments.ts'
import { pageUrl } from './rendererFiles.ts'
import { isVisible, readWindowState, writeWindowState } from './windowState.ts'

const defaultSize = { width: 1440, height: 900 }
const smallestSize = { minWidth: 1024, minHeight: 640 }

/** The page's own ground, so that nothing flashes before it is drawn. */
const background = (): string => (nativeTheme.shouldUseDarkColors ? '#141518' : '#FFFFFF')

export interface WindowOptions {
  preload: string
  /** File that remembers where the window was. */
  statePath: string
  size: LabArguments['windowSize']
  /** Of the numbers that the user types. */
  locale: string
}

/** The lab's one window: no Node, sandboxed, shown when it has something to show. */
export function createWindow({ preload, statePath, size, locale }: WindowOptions): BrowserWindow {
  const remembered = readWindowState(statePath)
  const fits =
    remembered &&
    isVisible(
      remembered.bounds,
      screen.getAllDisplays().map((display) => display.workArea),
    )
  const window = new BrowserWindow({
    ...(size ? { ...size, useContentSize: true } : fits ? remembered.bounds : defaultSize),
    ...smallestSize,
    title: 'Rho Lab',
    show: false,
    backgroundColor: background(),
    webPreferences: {
      preload,
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
      additionalArguments: [`${localeArgument}${locale}`],
    },
  })
  const followTheme = () => window.setBackgroundColor(background())
  nativeTheme.on('updated', followTheme)
  window.once('ready-to-show', () => {
    if (!size && remembered?.maximized) window.maximize()
    window.show()
  })
  window.on('close', () => {
    // A size asked for on the command line is for this once.
    if (!size)
      writeWindowState(statePath, { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  })
  window.once('closed', () => nativeTheme.off('updated', followTheme))
  void window.loadURL(pageUrl)
  return window
}
