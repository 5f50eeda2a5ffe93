import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './command.ts'

export const repository = join(import.meta.dirname, '..')

const SOURCES = ['main', 'renderer', 'shared', 'db', 'electron.config.ts', 'package-lock.json']
const STAMP = join('out', '.built')

/**
 * Builds the app into out/ unless that is newer than every source.
 * @returns the exit code of the build; 0 if there was nothing to do.
 */
export async function buildIfStale(root: string = repository): Promise<number> {
  if (!isStale(root)) return 0
  // A source saved while the build runs must make the next one stale: take the time before.
  const startedAt = new Date()
  const exitCode = await runCommand(
    process.execPath,
    [
      join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'),
      'build',
      '--config',
      'electron.config.ts',
      '--logLevel',
      'warn',
    ],
    // Standard output is for what the caller prints.
    { cwd: root, stdio: ['ignore', 2, 2] },
  )
  if (exitCode !== 0) return exitCode
  const stamp = join(root, STAMP)
  writeFileSync(stamp, '')
  utimesSync(stamp, startedAt, startedAt)
  return 0
}

/** Whether a source, or a folder of sources (a file was deleted there), is newer than the build. */
export function isStale(root: string): boolean {
  const stamp = join(root, STAMP)
  if (!existsSync(stamp) || !existsSync(join(root, 'out', 'main', 'index.js'))) return true
  const builtAtMs = statSync(stamp).mtimeMs
  const isNewer = (path: string): boolean => {
    if (!existsSync(path)) return false
    const stats = statSync(path)
    if (stats.mtimeMs > builtAtMs) return true
    return stats.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name)))
  }
  return SOURCES.some((source) => isNewer(join(root, source)))
}
