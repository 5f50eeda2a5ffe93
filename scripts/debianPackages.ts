import type { SpawnOptions } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { captureCommand, isOnPath, runCommand } from './command.ts'

const LOCK_PATIENCE_S = 300

/** The command whose presence tells that a package is there, where it has another name. */
const COMMAND_OF: Readonly<Record<string, string>> = { xvfb: 'Xvfb' }

/** What Electron links against; the rest comes with these. */
const ELECTRON_LIBRARIES = [
  'libasound2',
  'libatk-bridge2.0-0',
  'libatk1.0-0',
  'libatspi2.0-0',
  'libcairo2',
  'libcups2',
  'libdbus-1-3',
  'libdrm2',
  'libgbm1',
  'libglib2.0-0',
  'libgtk-3-0',
  'libnspr4',
  'libnss3',
  'libpango-1.0-0',
  'libx11-6',
  'libxcomposite1',
  'libxdamage1',
  'libxext6',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2',
] as const

/**
 * Makes sure that these packages are there; see `install`.
 * @param isHere  by default, whether the command that a package is for is on the PATH
 */
export async function requireDebianPackages(
  packages: readonly string[],
  mayInstall: boolean,
  isHere = (name: string): boolean => isOnPath(COMMAND_OF[name] ?? name),
): Promise<void> {
  const missing = packages.filter((name) => !isHere(name))
  if (missing.length > 0) await install(missing, missing.join(', '), mayInstall)
}

/** Makes sure that an Electron finds every library it links against; see `install`. */
export async function requireElectronLibraries(executable: string, mayInstall: boolean): Promise<void> {
  if (!isOnPath('ldd')) return // Then the loader itself will say what is missing.
  const { stdout } = await captureCommand('ldd', [executable])
  const missing = missingLibraries(stdout)
  if (missing.length > 0) await install(ELECTRON_LIBRARIES, missing.join(', '), mayInstall)
}

/** The libraries that `ldd` names and does not find. */
export function missingLibraries(lddOutput: string): string[] {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map(([, library]) => library ?? '')
}

/**
 * Installs Debian packages, or says which command would.
 * @param mayInstall as root this runs apt-get; otherwise it always throws.
 * @throws Error that names what is missing and the command that mends it.
 */
async function install(packages: readonly string[], missing: string, mayInstall: boolean): Promise<void> {
  const isRoot = process.getuid?.() === 0
  if (!isOnPath('apt-get'))
    throw new Error(
      `Missing on this machine: ${missing}. Install what your distribution has in place of: ${packages.join(' ')}.`,
    )
  if (!mayInstall || !isRoot) {
    const names = (await currentNames(packages)).join(' ')
    throw new Error(
      `Missing on this machine: ${missing}. Run: ${isRoot ? '' : 'sudo '}apt-get install ${names}`,
    )
  }
  process.stderr.write(`Missing on this machine: ${missing}. Installing with apt-get…\n`)
  const quietly: SpawnOptions = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  }
  await updatePackageLists(quietly)
  const exitCode = await runCommand(
    'apt-get',
    [
      'install',
      '-qq',
      '--no-install-recommends',
      // Another installation may hold the lock.
      '-o',
      `DPkg::Lock::Timeout=${LOCK_PATIENCE_S}`,
      ...(await currentNames(packages)),
    ],
    quietly,
  )
  if (exitCode !== 0) throw new Error(`apt-get could not install ${packages.join(' ')}.`)
}

/** One list that cannot be had, of many, need not matter: the installation tells. apt waits for no lock of its lists. */
async function updatePackageLists(options: SpawnOptions): Promise<void> {
  const giveUpAt = performance.now() + LOCK_PATIENCE_S * 1000
  for (;;) {
    const { stderr } = await captureCommand('apt-get', ['update', '-qq'], options)
    if (!stderr.includes('Could not get lock') || performance.now() > giveUpAt) {
      process.stderr.write(stderr)
      return
    }
    await setTimeout(1000)
  }
}

/** Debian 13 and Ubuntu 24.04 renamed some libraries to end in t64, for their 64-bit time. */
async function currentNames(packages: readonly string[]): Promise<string[]> {
  const renamed = packages.map((name) => `${name}t64`)
  const { stdout } = await captureCommand('apt-cache', ['search', '--names-only', 't64$'])
  const known = new Set(stdout.split('\n').map((line) => line.split(' ')[0]))
  return packages.map((name, index) => {
    const later = renamed[index] ?? name
    return known.has(later) ? later : name
  })
}
