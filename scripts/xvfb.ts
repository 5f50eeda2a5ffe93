import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface VirtualDisplay {
  /** For the environment variable DISPLAY. */
  readonly name: string
  stop(): Promise<void>
}

const SCREEN = '1920x1200x24'
const START_LIMIT_MS = 20_000

/** Starts an X server without a screen, on a display number that Xvfb itself finds free. */
export async function startXvfb(): Promise<VirtualDisplay> {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit').catch(() => undefined)
  const kill = (): void => void child.kill()
  process.once('exit', kill)
  let complaint = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  const number = await new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`Xvfb did not start: ${why}`))
    const timer = setTimeout(() => {
      kill()
      fail(`no answer in ${START_LIMIT_MS / 1000} s`)
    }, START_LIMIT_MS)
    const settle = (): void => clearTimeout(timer)
    let written = ''
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      written += chunk.toString()
      if (!written.includes('\n')) return
      settle()
      resolve(written.trim())
    })
    child.once('error', (error) => {
      settle()
      fail(error.message)
    })
    child.once('exit', (code) => {
      settle()
      fail(complaint.trim() || `exit code ${code}`)
    })
  })
  const stop = async (): Promise<void> => {
    kill()
    await exited
    process.off('exit', kill)
  }
  return { name: `:${number}`, stop }
}
