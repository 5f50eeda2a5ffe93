import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { buildIfStale, repository } from './buildIfStale.ts'
import { runCommand } from './command.ts'
import { requireDebianPackages, requireElectronLibraries } from './debianPackages.ts'
import { resolveElectron } from './electron.ts'
import { hasDisplay } from './startArguments.ts'
import { startXvfb, type VirtualDisplay } from './xvfb.ts'

export interface WindowStage {
  /** What a program that opens the window finds it by. */
  readonly env: NodeJS.ProcessEnv
  dismantle(): Promise<void>
}

/**
 * Brings along what opening the built app takes: an Electron (the fallback too), its Debian libraries, a build that is
 * not stale, and X servers if there is no display.
 * @param windows that are open at once: each gets an X server of its own, and so its own focus and clipboard.
 * @returns the exit code of the build if that failed.
 */
export async function stageWindow(windows = 1): Promise<WindowStage | number> {
  const { executable, env: electronEnv } = await resolveElectron({
    allowFallback: true,
    installMissing: true,
  })
  if (process.platform === 'linux') await requireElectronLibraries(executable, true)
  const buildExitCode = await buildIfStale()
  if (buildExitCode !== 0) return buildExitCode
  const displays: VirtualDisplay[] = []
  if (!hasDisplay()) {
    await requireDebianPackages(['xvfb'], true)
    for (let i = 0; i < windows; i++) displays.push(await startXvfb())
  }
  const env = {
    ...process.env,
    ...(displays.length > 0 && {
      DISPLAY: displays[0].name,
      RHO_LAB_DISPLAYS: displays.map(({ name }) => name).join(','),
    }),
    RHO_LAB_ELECTRON: executable,
    ...electronEnv,
  }
  return { env, dismantle: async () => void (await Promise.all(displays.map((display) => display.stop()))) }
}

/** A test waits for its window about as long as it computes: two keep two cores busy. */
const WINDOWS = Math.min(availableParallelism(), 4)

/**
 * Drives the built app in a real Electron with Playwright.
 * @param args for `playwright test`.
 * @param env added to the environment of Playwright.
 * @returns the exit code of Playwright, or of the build if that failed.
 */
export async function testWindow(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const stage = await stageWindow(WINDOWS)
  if (typeof stage === 'number') return stage
  mkdirSync(join(repository, 'test', 'output'), { recursive: true })
  try {
    return await runCommand(
      process.execPath,
      [
        join(repository, 'node_modules', '@playwright', 'test', 'cli.js'),
        'test',
        '--config',
        join('test', 'playwright.config.ts'),
        ...args,
      ],
      { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'], env: { ...stage.env, ...env } },
    )
  } finally {
    await stage.dismantle()
  }
}

if (import.meta.main) {
  try {
    process.exitCode = await testWindow(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
