import { spawnSync } from 'node:child_process'
import { expect } from 'vitest'
import { pythonThatImports, READERS_REQUIRED } from '../../scripts/readersOfOthers.ts'

/** Modules that no Debian package brings to the machines that run the tests. */
const notInDebian = ['mlflow', 'tensorboard', 'torch', 'yaml']

export interface Python {
  /** Runs a program that must end well and say nothing on standard error; returns what it printed. */
  run(code: string, ...args: string[]): string
}

/**
 * A Python that can import `modules`; where there is none, says so and returns null.
 * @throws Error where the machine was to have it
 */
export function pythonWith(...modules: string[]): Python | null {
  const found = pythonThatImports(...modules)
  if (found === null) {
    const isOptional = modules.some((name) => notInDebian.includes(name.split('.')[0]))
    missing(`no python3 here has ${modules.join(', ')}`, isOptional)
    return null
  }
  return {
    run(program, ...args) {
      const options = { encoding: 'utf8', maxBuffer: 2 ** 26 } as const
      const { status, stdout, stderr } = spawnSync(found, ['-c', program, ...args], options)
      expect(stderr).toBe('')
      expect(status).toBe(0)
      return stdout.trim()
    },
  }
}

/** Says why tests are skipped. @throws Error where the machine was to have what is missing */
export function missing(what: string, isOptional = false): void {
  if (process.env[READERS_REQUIRED] && !isOptional) throw new Error(`The tests need it: ${what}.`)
  console.warn(`Tests are skipped: ${what}.`)
}
