import { join } from 'node:path'
import { buildIfStale, repository } from './buildIfStale.ts'
import { runCommand } from './command.ts'
import { requireElectronLibraries } from './debianPackages.ts'
import { resolveElectron } from './electron.ts'
import { sandboxObstacle } from './electron/sandboxObstacle.ts'
import { hasDisplay, readStartArguments, type StartArguments } from './startArguments.ts'

/** Opens the window; without a display, runs the demo on the command line instead. */
async function start({ allowFallback, appArguments, library }: StartArguments): Promise<number> {
  if (!hasDisplay()) {
    process.stderr.write(
      'No display here (DISPLAY and WAYLAND_DISPLAY are not set): running the demo on the command line instead of opening the window.\n',
    )
    return runCommand(
      process.execPath,
      [
        join('main', 'cli', 'lab.ts'),
        'demo',
        '--out',
        'rho-lab-demo',
        ...(library === undefined ? [] : ['--library', library]),
      ],
      { cwd: repository },
    )
  }
  const { executable, env } = await resolveElectron({ allowFallback })
  const switches: string[] = []
  if (process.platform === 'linux') {
    await requireElectronLibraries(executable, false)
    const isRoot = process.getuid?.() === 0
    const isOff = isRoot || appArguments.includes('--no-sandbox')
    if (isRoot) switches.push('--no-sandbox') // Chromium refuses to run as root without it.
    const obstacle = isOff ? undefined : sandboxObstacle(executable)
    if (obstacle !== undefined) throw new Error(obstacle)
  }
  const buildExitCode = await buildIfStale()
  if (buildExitCode !== 0) return buildExitCode
  return runCommand(executable, [repository, ...switches, ...appArguments], {
    env: { ...process.env, ...env },
  })
}

try {
  process.exitCode = await start(readStartArguments(process.argv.slice(2)))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
