import { spawn, type SpawnOptions } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { constants as osConstants } from 'node:os'
import { delimiter, join } from 'node:path'

export interface FinishedCommand {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command quietly and keeps what it printed. Rejects only if it cannot be started. */
export function captureCommand(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<FinishedCommand> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ exitCode: exitCodeOf(code, signal), stdout, stderr }))
  })
}

/**
 * Runs a command on this terminal. Ctrl-C reaches the child by the terminal itself, so this
 * process only waits for it; SIGTERM and SIGHUP are handed on.
 * @returns the child's exit code; 128 + number if a signal ended it, as shells say it.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    const handOn = (signal: NodeJS.Signals): void => void child.kill(signal)
    process.on('SIGINT', wait).on('SIGTERM', handOn).on('SIGHUP', handOn)
    const letGo = (): void => {
      process.off('SIGINT', wait).off('SIGTERM', handOn).off('SIGHUP', handOn)
    }
    child.once('error', (error) => {
      letGo()
      reject(error)
    })
    child.once('close', (code, signal) => {
      letGo()
      resolve(exitCodeOf(code, signal))
    })
  })
}

/** In place of the default, which would end this process before its child. */
function wait(): void {}

/** Whether an executable of this name is on the PATH (POSIX names only). */
export function isOnPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code
  return 128 + (signal === null ? 0 : osConstants.signals[signal])
}
