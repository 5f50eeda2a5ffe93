import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LabError } from '#shared/domain/labError.ts'

export interface LabArguments {
  /** Folder of the library; null for the default one. */
  library: string | null
  /** Of the window's content, in CSS pixels; null for the remembered size. */
  windowSize: { width: number; height: number } | null
  /** Whether Chromium's sandbox is to be forced on: not where a switch has turned it off (root). */
  sandbox: boolean
}

/**
 * The app's own arguments, `--library DIR` and `--window-size=WxH`; all others are Chromium's.
 * @throws LabError badUsage
 */
export function readArguments(argv: readonly string[]): LabArguments {
  const library = valueOf(argv, '--library')
  if (library === '') throw new LabError('badUsage', '--library needs a folder: --library DIR.')
  const size = valueOf(argv, '--window-size')
  return {
    library,
    windowSize: size === null ? null : readSize(size),
    sandbox: !argv.includes('--no-sandbox'),
  }
}

/** What follows `--lab` (and a `--`, which keeps Chromium from reading it); null where the window is wanted. */
export function labCommand(argv: readonly string[]): string[] | null {
  const at = argv.indexOf('--lab')
  if (at < 0) return null
  return argv.slice(argv[at + 1] === '--' ? at + 2 : at + 1)
}

/** Absolute paths of the bundles that are named: what a double click hands over, on Linux as `file:` addresses. */
export const bundlesAmong = (argv: readonly string[], workingDirectory: string): string[] =>
  argv
    .slice(1)
    .filter((argument) => !argument.startsWith('-') && /\.rholab$/i.test(argument))
    .map((bundle) => (bundle.startsWith('file://') ? pathOf(bundle) : resolve(workingDirectory, bundle)))
    .filter((path) => path !== null)

/** null for the address of a file that no path leads to, as on another machine. */
function pathOf(address: string): string | null {
  try {
    return fileURLToPath(address)
  } catch {
    return null
  }
}

function readSize(text: string): { width: number; height: number } {
  const match = /^(\d{1,5})[x,](\d{1,5})$/.exec(text)
  if (!match) throw new LabError('badUsage', `--window-size=${text} is no size: give --window-size=1440x900.`)
  return { width: Number(match[1]), height: Number(match[2]) }
}

function valueOf(argv: readonly string[], name: string): string | null {
  const at = argv.findIndex((argument) => argument === name || argument.startsWith(`${name}=`))
  if (at < 0) return null
  if (argv[at] !== name) return argv[at].slice(name.length + 1)
  const next = argv[at + 1]
  return next === undefined || next.startsWith('-') ? '' : next
}
