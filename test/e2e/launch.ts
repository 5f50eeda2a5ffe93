import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unprivilegedElectron } from './unprivilegedElectron.ts'

export const repository = join(import.meta.dirname, '..', '..')
const screenshots = join(repository, 'test', 'output', 'screenshots')
const QUIT_LIMIT_MS = 20_000

export interface LaunchOptions {
  /** A folder that outlives the window, for tests that open it twice; default: a temporary one. */
  readonly library?: string
  /** Likewise, for what the window remembers. */
  readonly profile?: string
  readonly colorScheme?: 'light' | 'dark'
  /** Of the window's content, in CSS pixels. */
  readonly size?: { readonly width: number; readonly height: number }
  /** Chromium's sandbox on, as users have it (as root: as `nobody`). Skip by sandboxRefusal(). */
  readonly sandbox?: boolean
  /** Of a packaged app, which needs no telling what to run. */
  readonly executable?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface LaunchedLab {
  readonly app: ElectronApplication
  /** The first window, loaded. */
  readonly page: Page
  readonly library: string
  /** What any window, or main, said on its console as an error or threw; expect it to be empty. */
  readonly errors: readonly string[]
  /** Quits the app and removes what was temporary. Throws if it had to be killed. */
  close(): Promise<void>
}

/** Opens the built app in the Electron that scripts/testWindow.ts chose, with a profile of its own. */
export async function launchLab(options: LaunchOptions = {}): Promise<LaunchedLab> {
  const executable = options.executable ?? process.env['RHO_LAB_ELECTRON']
  if (executable === undefined)
    throw new Error('No Electron to test with: start these tests by `npm run test:e2e`.')
  const { colorScheme = 'light', size = { width: 1280, height: 800 }, sandbox = false } = options
  const scratch = mkdtempSync(join(tmpdir(), 'rho-lab-test-'))
  const folderOf = (name: string): string => {
    const folder = join(scratch, name)
    mkdirSync(folder)
    chmodSync(folder, 0o777) // For `nobody`; the umask may have taken it away.
    return folder
  }
  const library = options.library ?? folderOf('library')
  const profile = options.profile ?? folderOf('profile')
  chmodSync(scratch, 0o755)
  const env = { ...process.env, ...options.env } as Record<string, string>
  const errors: string[] = []
  let app: ElectronApplication | undefined
  const close = async (): Promise<void> => {
    try {
      if (app !== undefined) await quit(app)
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  }
  try {
    const electron = sandbox
      ? unprivilegedElectron(executable, env, folderOf('unprivileged'))
      : { executable, env }
    app = await _electron.launch({
      executablePath: electron.executable,
      env: electron.env,
      args: [
        ...(options.executable === undefined ? [repository] : []),
        `--user-data-dir=${profile}`,
        `--library=${library}`,
        `--window-size=${size.width}x${size.height}`,
        // Pictures must not depend on the machine's screen.
        '--force-device-scale-factor=1',
        '--force-color-profile=srgb',
        ...(options.args ?? []),
      ],
      colorScheme,
      chromiumSandbox: sandbox,
    })
    collectErrors(app, errors)
    const page = await app.firstWindow()
    await page.waitForLoadState('load')
    return { app, page, library, errors, close }
  } catch (error) {
    await close()
    const said = errors.length > 0 ? ` It said: ${errors.join('; ')}` : ''
    throw new Error(`The window did not open.${said}`, { cause: error })
  }
}

/**
 * Brings a window to where a new one starts, but for its library: for tests that share one, since a start takes longer
 * than most of them.
 */
export async function renew(
  { page }: LaunchedLab,
  colorScheme: LaunchOptions['colorScheme'] = 'light',
): Promise<void> {
  await page.evaluate(() => localStorage.clear())
  await page.emulateMedia({ colorScheme })
  await page.mouse.move(0, 0)
  await page.reload()
}

function collectErrors(app: ElectronApplication, errors: string[]): void {
  const listen = (page: Page): void => {
    page.on('crash', () => errors.push('window crashed'))
    page.on('pageerror', (error) => errors.push(`window threw: ${error.stack ?? error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`window: ${message.text()}`)
    })
  }
  app.windows().forEach(listen)
  app.on('window', listen)
  app.on('console', (message) => {
    if (message.type() === 'error') errors.push(`main: ${message.text()}`)
  })
}

async function quit(app: ElectronApplication): Promise<void> {
  let isStuck = false
  const limit = setTimeout(() => {
    isStuck = true
    app.process().kill('SIGKILL')
  }, QUIT_LIMIT_MS)
  await app.close().finally(() => clearTimeout(limit))
  if (isStuck) throw new Error(`The app did not quit within ${QUIT_LIMIT_MS / 1000} s.`)
}

/**
 * Keeps a picture of a window as test/output/screenshots/`name`.png, for people to look at: where nobody can, none is
 * made.
 */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env['CI']) return
  await page.screenshot({ path: join(screenshots, `${name}.png`), animations: 'disabled' })
}
