import { execFile } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommandLine } from '../../main/cli/runCommandLine.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface LabResult {
  code: number
  stdout: string
  stderr: string
}

/** Runs the command line as a user's shell does: a process of its own, nothing on standard input. */
export function startLab(...args: string[]): Promise<LabResult> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [path.join(root, 'main/cli/lab.ts'), ...args],
      { cwd: root, maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
    child.stdin?.end()
  })
}

let previous: Promise<unknown> = Promise.resolve()

/** Runs the command line in this process, one command after the other: all of it but the start of a process. */
export function runLab(...args: string[]): Promise<LabResult> {
  const result = previous.then(() => commandHere(args))
  previous = result.catch(() => undefined)
  return result
}

async function commandHere(args: string[]): Promise<LabResult> {
  const written = { stdout: '', stderr: '' }
  const streams = ['stdout', 'stderr'] as const
  const writes = streams.map((name) => process[name].write)
  for (const name of streams) {
    process[name].write = ((text: string | Uint8Array) => {
      written[name] += typeof text === 'string' ? text : Buffer.from(text).toString()
      return true
    }) as typeof process.stdout.write
  }
  process.exitCode = undefined
  try {
    await runCommandLine(args)
    return { code: Number(process.exitCode ?? 0), ...written }
  } finally {
    process.exitCode = undefined
    streams.forEach((name, i) => (process[name].write = writes[i]))
  }
}

/** Runs with --json and parses standard output whole: anything else there is an error. */
export async function labJson<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await runLab(...args, '--json')
  if (code !== 0) throw new Error(`lab ${args.join(' ')} ended with ${code}: ${stderr}`)
  return JSON.parse(stdout) as T
}

export const temporaryFolder = () => mkdtemp(path.join(os.tmpdir(), 'rho-lab-test-'))

export const photos = fileURLToPath(new URL('../fixtures/photos', import.meta.url))
