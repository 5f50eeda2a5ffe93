import type { BrowserWindow, IpcMainInvokeEvent } from 'electron'

/**
 * Whether a call comes from the main frame of the lab's own window, with the lab's own page in it.
 * @param isAppUrl whether a URL belongs to the app
 */
export function createSenderCheck(
  currentWindow: () => Pick<BrowserWindow, 'webContents' | 'isDestroyed'> | null,
  isAppUrl: (url: string) => boolean,
): (event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>) => boolean {
  return ({ sender, senderFrame }) => {
    const window = currentWindow()
    if (!window || window.isDestroyed() || sender !== window.webContents) return false
    // Null once the frame has navigated away or is gone.
    return senderFrame !== null && senderFrame === sender.mainFrame && isAppUrl(senderFrame.url)
  }
}
