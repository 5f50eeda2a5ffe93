import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

export const scheme = 'rho-lab'
/** The only page there is. */
export const pageUrl = `${scheme}://app/index.html`

/** Whether a URL belongs to the app itself. (`URL.origin` is opaque for a scheme that Node does not know.) */
export function isAppUrl(url: string): boolean {
  const { protocol, host, username, password } = parse(url) ?? {}
  return protocol === `${scheme}:` && host === 'app' && username === '' && password === ''
}

/**
 * Style sheets are files; a policy lets scripts set styles through the style object. A style attribute, which reaches its
 * own element alone, is how svgcanvas has a font's parts told when a chart goes out as SVG.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

/** Names as the build writes them: nothing encoded, nothing hidden, no `..`. */
const segment = /^[\w-][\w.-]*$/

/**
 * The file behind a URL of the app, inside `folder`; null for any other URL.
 * Does not say whether the file exists.
 */
export function rendererFile(folder: string, url: string): string | null {
  if (!isAppUrl(url)) return null
  const pathname = parse(url)?.pathname ?? ''
  const path = pathname === '' || pathname === '/' ? '/index.html' : pathname
  const segments = path.slice(1).split('/')
  return segments.every((name) => segment.test(name)) ? join(folder, ...segments) : null
}

/** Answers the window's requests from the built files in `folder`, and from nowhere else. */
export async function serveRendererFile(
  folder: string,
  request: { method: string; url: string },
): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405)
  const file = rendererFile(folder, request.url)
  const contentType = file === null ? undefined : contentTypes[extname(file)]
  if (file === null || contentType === undefined) return refusal(404)
  const body = await readFile(file).catch(() => null)
  if (body === null) return refusal(404)
  return new Response(new Uint8Array(body), { headers: headers(contentType) })
}

const refusal = (status: number): Response =>
  new Response(null, { status, headers: headers('text/plain; charset=utf-8') })

const headers = (contentType: string): Record<string, string> => ({
  'Content-Type': contentType,
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
})

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null
}
