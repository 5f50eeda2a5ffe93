import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { captureCommand, type FinishedCommand } from '../../scripts/command.ts'

/** This machine's system for one test: whatever is installed there, nobody else sees, and it is gone with the test. */
export interface OwnSystem {
  runAsRoot(...command: string[]): Promise<FinishedCommand>
  /** What starts a program there as an ordinary user: a command and its first arguments. */
  readonly asUser: readonly [string, ...string[]]
  /** The ordinary user's number. */
  readonly uid: number
  /** Files that came or went since the system was made, by path, but for logs and what package managers remember. */
  changes(): Promise<string[]>
  close(): Promise<void>
}

/** A build machine's user may become root; a person is not made one unasked. */
const asRoot = process.getuid?.() === 0 ? [] : process.env['CI'] ? ['sudo', '-n'] : null

/** What packages write to. Memory holds what changes: it cannot outlive the process that mounted it. */
const folders = ['usr', 'opt', 'etc', 'var']
const memory = '/mnt'
/** The lock of package managers stays the machine's own, so that nobody's work is seen half done. */
const lock = '/var/lib/dpkg/lock-frontend'
const mount = `set -e
mount -t tmpfs -o size=3g,mode=755 tmpfs ${memory}
touch ${memory}/lock
mount --bind ${lock} ${memory}/lock
for f in ${folders.join(' ')}; do
  mkdir ${memory}/$f ${memory}/$f.work
  mount -t overlay overlay -o lowerdir=/$f,upperdir=${memory}/$f,workdir=${memory}/$f.work /$f
done
mount --bind ${memory}/lock ${lock}`
const unshare = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c']

/** Why no system of its own can be had here; null where one can. */
export function noOwnSystem(): string | null {
  if (process.platform !== 'linux' || asRoot === null) return 'A system of its own takes Linux and root.'
  const [command, ...args] = [...asRoot, ...unshare, mount]
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? null : `No system of its own can be made here: ${stderr?.trim()}`
}

/** @throws Error where noOwnSystem() says why */
export async function makeOwnSystem(): Promise<OwnSystem> {
  const [command, ...args] = [...(asRoot ?? []), ...unshare, `${mount}\necho $$\nexec cat`]
  const holder = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(holder, 'close')
  const [line] = (await Promise.race([once(holder.stdout, 'data'), closed])) as [Buffer | number | null]
  if (!Buffer.isBuffer(line)) throw new Error('No system of its own could be made.')
  const enter = [...(asRoot ?? []), 'nsenter', `--mount=/proc/${line.toString().trim()}/ns/mnt`, '--wdns=/']
  const uid = process.getuid?.() || 65534
  const user = ['setpriv', `--reuid=${uid}`, `--regid=${process.getgid?.() || 65534}`, '--clear-groups']
  const runAsRoot = (...words: string[]) => captureCommand(enter[0], [...enter.slice(1), ...words])
  return {
    runAsRoot,
    asUser: [...enter, ...user] as [string, ...string[]],
    uid,
    async changes() {
      // A file that went stands there as a device.
      const find = ['find', ...folders, '!', '-type', 'd', '-printf', '%y /%p\\n']
      const { stdout } = await runAsRoot('sh', '-c', `cd ${memory} && exec "$@"`, 'sh', ...find)
      return stdout
        .split('\n')
        .filter((entry) => entry !== '' && (entry.startsWith('c') || !existsSync(entry.slice(2))))
        .map((entry) => entry.slice(2))
        .filter((file) => !/^\/var\/(log|cache|lib\/(apt|dpkg))\//.test(file))
    },
    async close() {
      holder.stdin.end()
      await closed
    },
  }
}
