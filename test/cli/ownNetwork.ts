import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { captureCommand, type FinishedCommand } from '../../scripts/command.ts'

/** What a program tried in a network of its own, native code and its children included. */
export interface Attempts {
  /** Names that were asked for. */
  asked: string[]
  /** Connections begun, on loopback too. */
  connections: number
  /** Packets that had nowhere to go. */
  lost: number
}

const namespaces = ['--net', '--mount']

/** Why no network of its own can be made here; null where one can. */
export function noOwnNetwork(): string | null {
  const can = process.platform === 'linux' && process.getuid?.() === 0
  return can && spawnSync('unshare', [...namespaces, 'perl', '-e', '1']).status === 0
    ? null
    : 'No network of its own can be made here: it takes Linux and root.'
}

/**
 * Runs a program where there is no network but loopback, and on it a name server that knows no name and notes who asks.
 * The kernel counts what was tried without a name. Sends SIGINT as soon as anybody has asked, unless told to `goOn`, or after
 * `limitMs`.
 */
export async function runInOwnNetwork(
  command: string,
  args: readonly string[],
  {
    limitMs,
    goOn,
    ...options
  }: { cwd?: string; env?: NodeJS.ProcessEnv; limitMs?: number; goOn?: boolean } = {},
): Promise<FinishedCommand & { attempts: Attempts }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rho-lab-own-network-'))
  const inFolder = (name: string, text: string) => {
    const file = path.join(folder, name)
    writeFileSync(file, text)
    return file
  }
  const report = inFolder('attempts.json', '')
  const resolver = inFolder('resolv.conf', 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n')
  const sources = inFolder('nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n')
  try {
    const finished = await captureCommand(
      'unshare',
      [
        ...namespaces,
        'sh',
        '-c',
        `${loopbackUp} && for f in resolv.conf nsswitch.conf; do
          mount --bind "${folder}/$f" "$(readlink -f /etc/$f)" || exit 125
        done && exec "$0" "$@"`,
        process.execPath,
        path.join(import.meta.dirname, 'nameServer.mjs'),
        report,
        String(limitMs ?? ''),
        goOn ? 'goOn' : '',
        command,
        ...args,
      ],
      options,
    )
    const attempts = readFileSync(report, 'utf8')
    if (attempts === '')
      throw new Error(`${command} was not run (${resolver}, ${sources}): ${finished.stderr}`)
    return { ...finished, attempts: JSON.parse(attempts) as Attempts }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Perl is part of every Debian; `ip` is not. SIOCSIFFLAGS with IFF_UP. */
const loopbackUp = `perl -e '$r = pack("Z16 s x22", "lo", 1); socket(S, 2, 1, 0) && ioctl(S, 0x8914, $r) or die $!'`
