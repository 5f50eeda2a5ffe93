import { expect, test } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { launchLab, repository, type LaunchedLab } from './launch.ts'
import { sandboxRefusal } from './unprivilegedElectron.ts'

let lab: LaunchedLab
/** Answers anybody on this computer, and counts who came. */
let server: Server
let visits: string[]
let address: string

test.beforeAll(async () => {
  // Without a camera nobody would be asked for permission to use it.
  lab = await launchLab({ args: ['--use-fake-device-for-media-stream'] })
  visits = []
  server = createServer((request, response) => {
    visits.push(request.url ?? '')
    if (request.url === '/redirect') {
      response.statusCode = 302
      response.setHeader('Location', '/landed')
    }
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.end('hello')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
test.afterAll(async () => {
  server.close()
  await lab.close()
})
test.afterEach(async () => {
  // Whatever was tried, the page is still ours, alone and working.
  expect(lab.page.url()).toBe('rho-lab://app/index.html')
  await expect.poll(() => lab.app.windows().length).toBe(1)
  expect(await lab.page.evaluate(() => window.lab.invoke('datasets.list'))).toMatchObject({ ok: true })
})

test('the window has nothing of Node or Electron, only the list of calls', async () => {
  const found = await lab.page.evaluate(() => ({
    globals: [
      'require',
      'process',
      'module',
      'exports',
      'Buffer',
      'global',
      '__dirname',
      'ipcRenderer',
      'electron',
    ].filter((name) => name in globalThis),
    calls: Object.keys(window.lab).toSorted(),
  }))
  expect(found).toEqual({ globals: [], calls: ['invoke', 'locale', 'on', 'platform', 'sourceFromDrop'] })
  const preferences = await (
    await lab.app.browserWindow(lab.page)
  ).evaluate(({ webContents }) =>
    (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences(),
  )
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  })
})

test('the list of calls ends where it ends', async () => {
  const refused = await lab.page.evaluate(async () => {
    const invoke = window.lab.invoke as (channel: string, ...args: unknown[]) => Promise<unknown>
    const on = window.lab.on as (event: string, listener: () => void) => unknown
    const outcome = async (work: () => unknown) => {
      try {
        await work()
        return 'done'
      } catch (error) {
        return String(error)
      }
    }
    return [
      await outcome(() => invoke('sources.drop', '/etc')),
      await outcome(() => invoke('__proto__')),
      await outcome(() => invoke('ELECTRON_BROWSER_DESKTOP_CAPTURER_GET_SOURCES')),
      await outcome(() => on('livePort', () => {})),
      await outcome(() => on('toString', () => {})),
    ]
  })
  expect(refused).toHaveLength(5)
  for (const text of refused) expect(text).toContain('is not one of the lab')
})

test('a file made by the page is no dropped file', async () => {
  const reply = await lab.page.evaluate(() => window.lab.sourceFromDrop(new File(['x'], '/etc')))
  expect(reply).toMatchObject({ ok: false, error: { code: 'badInput' } })
})

test('arguments are parsed by main, not trusted', async () => {
  const replies = await lab.page.evaluate(async () => {
    const invoke = window.lab.invoke as (channel: string, ...args: unknown[]) => Promise<unknown>
    return [
      await invoke('runs.get', '1; DROP TABLE runs'),
      await invoke('runs.get', { toString: 1 }),
      await invoke('runs.remove', [[1]]),
      await invoke('datasets.import', '/etc', 'x'),
    ]
  })
  for (const reply of replies) expect(reply).toMatchObject({ ok: false, error: { code: 'badInput' } })
})

test('another window, with the same page and the same calls, is answered nothing', async () => {
  const reply = await lab.app.evaluate(
    async ({ BrowserWindow }, preload) => {
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
      await stranger.loadURL('rho-lab://app/index.html')
      const reply: unknown = await stranger.webContents.executeJavaScript(
        "window.lab.invoke('datasets.list')",
      )
      stranger.destroy()
      return reply
    },
    join(import.meta.dirname, '..', '..', 'out', 'preload', 'index.cjs'),
  )
  expect(reply).toMatchObject({ ok: false, error: { code: 'badUsage' } })
})

for (const url of [
  'https://example.org/',
  'http://ADDRESS/',
  'file:///etc/passwd',
  'data:text/html,x',
  'rho-lab://app/',
]) {
  test(`navigation to ${url} is refused`, async () => {
    const target = url.replace('ADDRESS', address)
    await lab.page.evaluate(async (target) => {
      const link = Object.assign(document.createElement('a'), { href: target })
      document.body.append(link)
      link.click()
      link.remove()
      location.assign(target)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }, target)
    expect(visits).toEqual([])
  })
}

test('a page is not sent on to another one by a server', async () => {
  // In a session that the lab does not know: there the request itself would be let through.
  const redirected = await lab.app.evaluate(async ({ BrowserWindow, session }, address) => {
    const stray = session.fromPartition('stray')
    stray.webRequest.onBeforeRequest(null)
    const window = new BrowserWindow({ show: false, webPreferences: { session: stray, sandbox: true } })
    const load = window.loadURL(`http://${address}/redirect`).then(
      () => 'loaded',
      (error: unknown) => String(error),
    )
    const outcome = await load
    window.destroy()
    return outcome
  }, address)
  expect(redirected).toMatch(/ERR_(FAILED|ABORTED)/)
  expect(visits.splice(0)).toEqual(['/redirect'])
})

test('no window opens', async () => {
  const opened = await lab.page.evaluate(async (address) => {
    const link = Object.assign(document.createElement('a'), { href: `http://${address}/`, target: '_blank' })
    document.body.append(link)
    link.click()
    link.remove()
    const urls = [`http://${address}/`, 'about:blank', 'rho-lab://app/index.html', '']
    const opened = urls.map((url) => window.open(url) !== null)
    await new Promise((resolve) => setTimeout(resolve, 300))
    return opened
  }, address)
  expect(opened).toEqual([false, false, false, false])
  expect(visits).toEqual([])
})

test('the page reaches no network', async () => {
  const failures = await lab.page.evaluate(async (address) => {
    const failed = (work: Promise<unknown>) =>
      work.then(
        () => false,
        () => true,
      )
    const loaded = (element: HTMLElement) =>
      new Promise((resolve, reject) => {
        element.addEventListener('load', resolve)
        element.addEventListener('error', reject)
        document.body.append(element)
        setTimeout(reject, 2_000)
      }).finally(() => element.remove())
    const socket = new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://${address}/socket`)
      socket.addEventListener('open', resolve)
      socket.addEventListener('error', reject)
    })
    navigator.sendBeacon(`http://${address}/beacon`, 'x')
    return Promise.all([
      failed(fetch(`http://${address}/fetch`)),
      failed(fetch(`http://${address}/no-cors`, { mode: 'no-cors' })),
      failed(loaded(Object.assign(new Image(), { src: `http://${address}/image` }))),
      failed(loaded(Object.assign(document.createElement('script'), { src: `http://${address}/script` }))),
      failed(socket),
    ])
  }, address)
  expect(failures).toEqual([true, true, true, true, true])
  expect(visits).toEqual([])
})

test('nor does anything else in the window’s session, where no policy of a page applies', async () => {
  const outcomes = await lab.app.evaluate(async ({ net, session }, address) => {
    const tried = [
      net.fetch(`http://${address}/net`),
      session.defaultSession.fetch(`http://${address}/session`),
    ]
    return (await Promise.allSettled(tried)).map(({ status }) => status)
  }, address)
  expect(outcomes).toEqual(['rejected', 'rejected'])
  expect(visits).toEqual([])
})

test('only the window’s own files are served, each with the policy', async () => {
  const answers = await lab.page.evaluate(async () => {
    const get = async (path: string) => {
      const response = await fetch(path)
      return {
        status: response.status,
        policy: response.headers.get('Content-Security-Policy')?.slice(0, 18),
      }
    }
    return {
      own: await get('/index.html'),
      others: await Promise.all(
        [
          '/../main/index.js',
          '/%2e%2e/main/index.js',
          '/..%2fmain/index.js',
          '/../../package.json',
          '/assets',
        ].map(get),
      ),
    }
  })
  expect(answers.own).toEqual({ status: 200, policy: "default-src 'none'" })
  for (const answer of answers.others) expect(answer).toEqual({ status: 404, policy: "default-src 'none'" })
})

test('no permission is granted', async () => {
  const outcomes = await lab.page.evaluate(async () => {
    const tried = (work: () => Promise<unknown>) =>
      work().then(
        (value) => String(value),
        (error: Error) => error.name,
      )
    const position = () =>
      new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(resolve, ({ code, PERMISSION_DENIED }) =>
          resolve(code === PERMISSION_DENIED ? 'denied' : `code ${code}`),
        ),
      )
    return {
      notification: await Notification.requestPermission(),
      camera: await tried(() => navigator.mediaDevices.getUserMedia({ video: true })),
      screen: await tried(() => navigator.mediaDevices.getDisplayMedia()),
      clipboard: await tried(() => navigator.clipboard.readText()),
      position: await tried(position),
      queried: (await navigator.permissions.query({ name: 'geolocation' })).state,
    }
  })
  expect(outcomes).toEqual({
    notification: 'denied',
    camera: 'NotAllowedError',
    screen: 'NotAllowedError',
    clipboard: 'NotAllowedError',
    position: 'denied',
    queried: 'denied',
  })
})

test('no code runs that did not come with the app', async () => {
  const outcomes = await lab.page.evaluate(
    () =>
      // Later, since what the test itself evaluates is exempt from the policy while it does.
      new Promise<Record<string, string>>((resolve) => {
        setTimeout(() => {
          const outcome = (work: () => unknown) => {
            try {
              return String(work())
            } catch (error) {
              return (error as Error).name
            }
          }
          const marks = globalThis as { inline?: boolean; handler?: boolean }
          const script = Object.assign(document.createElement('script'), {
            textContent: 'globalThis.inline = true',
          })
          document.body.append(script)
          document.body.insertAdjacentHTML(
            'beforeend',
            '<img id="handler" src="x" onerror="globalThis.handler = true">',
          )
          const outcomes = {
            // oxlint-disable-next-line no-eval
            eval: outcome(() => globalThis.eval('1 + 1')),
            function: outcome(() => Reflect.construct(Function, ['return 2'])()),
            wasm: outcome(() => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))),
          }
          setTimeout(() => {
            script.remove()
            document.querySelector('#handler')?.remove()
            resolve({ ...outcomes, inline: String(marks.inline), handler: String(marks.handler) })
          }, 300)
        }, 0)
      }),
  )
  expect(outcomes).toEqual({
    eval: 'EvalError',
    function: 'EvalError',
    wasm: 'CompileError',
    inline: 'undefined',
    handler: 'undefined',
  })
})

test('no page is framed in it', async () => {
  const loaded = await lab.page.evaluate(async (address) => {
    const urls = [
      `http://${address}/frame`,
      'rho-lab://app/index.html',
      'data:text/html,<script>parent.lab</script>',
    ]
    const frames = urls.map((src) => Object.assign(document.createElement('iframe'), { src }))
    document.body.append(...frames)
    await new Promise((resolve) => setTimeout(resolve, 500))
    const seen = frames.map((frame) => frame.contentDocument?.body.childElementCount ?? 0)
    frames.forEach((frame) => frame.remove())
    return seen
  }, address)
  expect(loaded).toEqual([0, 0, 0])
  expect(visits).toEqual([])
})

test('with Chromium’s sandbox on, the window’s process is locked in', async () => {
  const refusal = sandboxRefusal(repository)
  test.skip(refusal !== undefined, refusal)
  test.skip(process.platform !== 'linux', 'Only Linux tells it in /proc.')
  const sandboxed = await launchLab({ sandbox: true })
  try {
    const labWindow = await sandboxed.app.browserWindow(sandboxed.page)
    const pid = await labWindow.evaluate(({ webContents }) => webContents.getOSProcessId())
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    // 2: system calls are filtered.
    expect(status).toMatch(/^Seccomp:\t2$/m)
    expect(await sandboxed.page.evaluate(() => window.lab.invoke('datasets.list'))).toEqual({
      ok: true,
      value: [],
    })
  } finally {
    await sandboxed.close()
  }
})
