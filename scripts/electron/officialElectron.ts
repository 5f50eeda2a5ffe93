import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { cacheFolder } from './cacheFolder.ts'
import { downloadOfficialElectron } from './downloadOfficialElectron.ts'

const packageFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
const REMEMBER_FAILURE_MS = 24 * 60 * 60 * 1000

export interface FailedDownload {
  readonly failedAt: number
  readonly mirror: string
  readonly reason: string
}

/**
 * The executable of the `electron` package. Its own installer downloads it at first use.
 * @param retry false to let a download that failed within the last day stand as failed.
 * @throws Error with the reason, short enough to stand in a sentence.
 */
export async function officialElectron(retry: boolean): Promise<string> {
  const installed = installedExecutable()
  if (installed !== undefined) return installed
  const version = packageVersion()
  const mirror = process.env['ELECTRON_MIRROR'] ?? ''
  const record = join(cacheFolder(), `electron-${version}-failed.json`)
  const earlier = retry ? undefined : await readFailure(record)
  if (earlier && isRecent(earlier, mirror, Date.now()))
    throw new Error(`${earlier.reason}; tried less than a day ago, ${record}`)
  try {
    await downloadOfficialElectron(packageFolder, version)
    const executable = installedExecutable()
    if (executable === undefined) throw new Error('its installer left no executable')
    await rm(record, { force: true })
    return executable
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const failure: FailedDownload = { failedAt: Date.now(), mirror, reason }
    await mkdir(cacheFolder(), { recursive: true })
    await writeFile(record, JSON.stringify(failure))
    throw error
  }
}

/** A failure stands for a day, unless the clock went back or another mirror was named since. */
export function isRecent(failure: FailedDownload, mirror: string, now: number): boolean {
  const ageMs = now - failure.failedAt
  return failure.mirror === mirror && ageMs >= 0 && ageMs < REMEMBER_FAILURE_MS
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}

function installedExecutable(): string | undefined {
  const pathFile = join(packageFolder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const executable = join(packageFolder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(executable) ? executable : undefined
}

async function readFailure(record: string): Promise<FailedDownload | undefined> {
  try {
    return JSON.parse(await readFile(record, 'utf8')) as FailedDownload
  } catch {
    return undefined // Never failed, or the note is unreadable: try.
  }
}
