import * as fc from 'fast-check'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isAppUrl, pageUrl, rendererFile, serveRendererFile } from '#main/app/rendererFiles.ts'

let scratch: string
let folder: string
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'rho-lab-files-'))
  folder = join(scratch, 'renderer')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<title>Rho Lab</title>')
  writeFileSync(join(folder, 'assets', 'index-Dx4k_Q.js'), 'export {}')
  writeFileSync(join(folder, 'assets', 'inter.woff2'), 'font')
  writeFileSync(join(folder, 'assets', 'notes.txt'), 'unlisted')
  writeFileSync(join(folder, '.env.html'), 'hidden')
  writeFileSync(join(scratch, 'secret.html'), 'secret')
  symlinkSync(folder, join(scratch, 'renderer-beside'))
})
afterAll(() => rmSync(scratch, { recursive: true }))

const get = (url: string, method = 'GET') => serveRendererFile(folder, { method, url })

describe('the files of the window', () => {
  test.each([
    [pageUrl, 'text/html; charset=utf-8', '<title>Rho Lab</title>'],
    ['rho-lab://app/', 'text/html; charset=utf-8', '<title>Rho Lab</title>'],
    ['rho-lab://app/index.html?x#y', 'text/html; charset=utf-8', '<title>Rho Lab</title>'],
    ['rho-lab://app/assets/index-Dx4k_Q.js', 'text/javascript; charset=utf-8', 'export {}'],
    ['rho-lab://app/assets/inter.woff2', 'font/woff2', 'font'],
  ])('%s is served as %s', async (url, contentType, text) => {
    const response = await get(url)
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toBe(contentType)
    expect(await response.text()).toBe(text)
  })

  test.each([
    'rho-lab://app/../secret.html',
    'rho-lab://app/assets/../../secret.html',
    'rho-lab://app/%2e%2e/secret.html',
    'rho-lab://app/..%2fsecret.html',
    'rho-lab://app/assets/..%5c..%5csecret.html',
    'rho-lab://app//secret.html',
    'rho-lab://app/.env.html',
    'rho-lab://app/assets',
    'rho-lab://app/assets/',
    'rho-lab://app/assets/notes.txt',
    'rho-lab://app/missing.js',
    'rho-lab://app/index.html%00.js',
    'rho-lab://other/index.html',
    'rho-lab://app.evil/index.html',
    'https://app/index.html',
    'file:///etc/passwd',
    'index.html',
  ])('%s is not', async (url) => {
    const response = await get(url)
    expect(response.status).toBe(404)
    expect(await response.text()).toBe('')
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused', async (method) => {
    expect((await get(pageUrl, method)).status).toBe(405)
  })

  test('no URL leads out of the folder', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e%2e',
        '%2E.',
        '..%2f',
        '%5c',
        '\\',
        'C:',
        '~',
        '',
        '\0',
        'assets',
        '%00',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.constantFrom('/', '\\', '%2f'), (parts, joint) => {
        const file = rendererFile('/app/renderer', `rho-lab://app/${parts.join(joint)}`)
        if (file === null) return
        expect(file.startsWith(`${join('/app/renderer')}${sep}`)).toBe(true)
        expect(file.split(sep)).not.toContain('..')
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the Content-Security-Policy', () => {
  test('goes with every answer, refusals too', async () => {
    for (const response of [
      await get(pageUrl),
      await get('rho-lab://app/missing.js'),
      await get(pageUrl, 'POST'),
    ]) {
      expect(response.headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'; /)
      expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
    }
  })

  test('lets no script or style in that did not come with the app', async () => {
    const policy = (await get(pageUrl)).headers.get('Content-Security-Policy') ?? ''
    const directives = new Map(
      policy.split('; ').map((text) => [text.split(' ')[0], text.split(' ').slice(1)]),
    )
    expect(directives.get('script-src')).toEqual(["'self'"])
    expect(directives.get('connect-src')).toEqual(["'self'"])
    expect(directives.get('default-src')).toEqual(["'none'"])
    for (const name of ['base-uri', 'form-action', 'frame-ancestors'])
      expect(directives.get(name)).toEqual(["'none'"])
    expect(policy).not.toMatch(/\*|https?:/)
    expect(directives.get('style-src')).toEqual(["'self'"])
    const unsafe = [...directives].filter(([, sources]) =>
      sources.some((source) => source.includes('unsafe-')),
    )
    expect(unsafe).toEqual([['style-src-attr', ["'unsafe-inline'"]]])
  })
})

describe('whether a URL is the app’s own', () => {
  test.each([pageUrl, 'rho-lab://app', 'rho-lab://app/x?y#z'])('%s is', (url) =>
    expect(isAppUrl(url)).toBe(true),
  )
  test.each([
    '',
    'about:blank',
    'rho-lab://app.evil/',
    'rho-lab://app@evil/',
    'rho-lab://evil@app/',
    'rho-lab://app:80/',
    'rho-lab:app',
    'rho-labs://app/',
    'https://app/',
    'data:text/html,rho-lab://app/',
    'file:///rho-lab://app/',
  ])('"%s" is not', (url) => expect(isAppUrl(url)).toBe(false))
})
