import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { inspect } from 'node:util'
import { printable } from '#shared/text/printable.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof levels)[number]
export type Log = Record<LogLevel, (message: string, detail?: unknown) => void>

const maxBytes = 1 << 20

/**
 * A log file of at most 1 MB, and the one before it as `<path>.1`.
 * A log that cannot be written never stops the app.
 */
export function createLog(path: string, lowest: LogLevel): Log {
  let sizeBytes = sizeOf(path)
  const write = (level: LogLevel) => (message: string, detail?: unknown) => {
    if (levels.indexOf(level) < levels.indexOf(lowest)) return
    const rest = detail === undefined ? '' : ` ${inspect(detail, { breakLength: Infinity })}`
    // A name with a line's end in it must not look like an entry of its own.
    const text = printable(`${message}${rest}`).replace(/\n(?! )/g, '\n    ')
    const line = `${new Date().toISOString()} ${level} ${text}\n`
    try {
      if (sizeBytes + line.length > maxBytes && sizeBytes > 0) {
        renameSync(path, `${path}.1`)
        sizeBytes = 0
      }
      mkdirSync(dirname(path), { recursive: true })
      appendFileSync(path, line)
      sizeBytes += Buffer.byteLength(line)
    } catch {
      // A full disk is told where something that matters cannot be written.
    }
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
