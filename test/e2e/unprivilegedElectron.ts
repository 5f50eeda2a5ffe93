import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

interface LaunchedElectron {
  readonly executable: string
  readonly env: Record<string, string>
}

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const

/**
 * An Electron whose sandbox can start. Chromium refuses its sandbox to root, so root gets a script
 * that starts Electron as `nobody`, from a copy if the original lies where only root can read.
 * @param scratch an empty folder that everybody may write to.
 */
export function unprivilegedElectron(
  executable: string,
  env: Record<string, string>,
  scratch: string,
): LaunchedElectron {
  if (process.getuid?.() !== 0) return { executable, env }
  const binding = env['RHO_LAB_SQLITE_BINDING']
  const home = join(scratch, 'home')
  mkdirSync(home)
  execFileSync('chown', ['65534:65534', home])
  const script = join(scratch, 'electron-as-nobody')
  writeFileSync(
    script,
    `#!/bin/sh\nexec ${AS_NOBODY.join(' ')} '${readable(executable, true, scratch)}' "$@"\n`,
    { mode: 0o755 },
  )
  return {
    executable: script,
    env: {
      ...env,
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_CACHE_HOME: join(home, '.cache'),
      ...(binding && { RHO_LAB_SQLITE_BINDING: readable(binding, false, scratch) }),
    },
  }
}

/**
 * Why this machine cannot show the sandbox at work, for `test.skip`: containers often forbid the user
 * namespaces it is made of, and root's own folders are closed to `nobody`.
 * @returns undefined if it can.
 */
export function sandboxRefusal(repository: string): string | undefined {
  if (process.platform !== 'linux') return undefined
  const isRoot = process.getuid?.() === 0
  if (isRoot && !isReadableToNobody(join(repository, 'out', 'main', 'index.js')))
    return `${repository} is closed to all but root`
  const [command = '', ...args] = [
    ...(isRoot ? AS_NOBODY : []),
    'unshare',
    '--user',
    '--pid',
    '--net',
    '--fork',
    'true',
  ]
  const { status } = spawnSync(command, args, { cwd: '/' })
  return status === 0 ? undefined : 'this system forbids user namespaces'
}

/** The file itself if `nobody` can read it; else that of a copy, with all of its folder if needed. */
function readable(file: string, withFolder: boolean, scratch: string): string {
  if (isReadableToNobody(file)) return file
  const copy = join(scratch, withFolder ? 'electron' : '', basename(file))
  if (withFolder) cpSync(dirname(file), dirname(copy), { recursive: true })
  else copyFileSync(file, copy)
  return copy
}

function isReadableToNobody(file: string): boolean {
  const [command, ...args] = AS_NOBODY
  return spawnSync(command, [...args, 'test', '-r', file]).status === 0
}
