import type { App, Session, WebContents } from 'electron'
import type { Log } from './log.ts'

/** What a window may load: its own files, what it made itself, and the developer tools. */
const localProtocols = new Set(['rho-lab:', 'blob:', 'data:', 'devtools:'])

export function isLocalUrl(url: string): boolean {
  return URL.canParse(url) && localProtocols.has(new URL(url).protocol)
}

/** Applies to every window there will ever be. */
export function secureApp(app: App, log: Log): void {
  app.on('web-contents-created', (_event, contents) => secureContents(contents, log))
}

function secureContents(contents: WebContents, log: Log): void {
  const refuse = (what: string) => (event: { preventDefault(): void; url?: string }) => {
    event.preventDefault()
    log.warn(`refused ${what}`, event.url)
  }
  contents.on('will-navigate', refuse('navigation'))
  contents.on('will-frame-navigate', refuse('frame navigation'))
  contents.on('will-redirect', refuse('redirect'))
  contents.on('will-attach-webview', refuse('webview'))
  contents.setWindowOpenHandler(({ url }) => {
    log.warn('refused window', url)
    return { action: 'deny' }
  })
}

/** No permission, no device, no download, no network, no spelling dictionary. */
export function secureSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log.warn('refused permission', permission)
    answer(false)
  })
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest((details, answer) => {
    const cancel = !isLocalUrl(details.url)
    if (cancel) log.warn('refused request', details.url)
    answer({ cancel })
  })
  // First, or Chromium fetches a dictionary from its maker's server, which no filter of requests sees.
  session.setSpellCheckerLanguages([])
  session.setSpellCheckerEnabled(false)
}
