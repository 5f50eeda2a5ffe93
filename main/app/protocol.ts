import { protocol, type Session } from 'electron'
import { scheme, serveRendererFile } from './rendererFiles.ts'

/** Makes `rho-lab://app` an origin like any on the web; to be called before Electron is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the built window, and only that. */
export function serveRenderer(session: Session, folder: string): void {
  session.protocol.handle(scheme, (request) => serveRendererFile(folder, request))
}
