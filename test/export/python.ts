import { spawnSync } from 'node:child_process'
import { expect } from 'vitest'

/** Pythons that may be here; Debian's own has what apt installs. */
const candidates = ['python3', '/usr/bin/python3']

export interface Python {
  /** Runs a program that must end well and say nothing on standard error; returns what it printed. */
  run(code: string, ...args: string[]): string
}

/** A Python that can import `modules`; where there is none, says so and returns null. */
export function pythonWith(...modules: string[]): Python | null {
  const code = `import ${modules.join(', ')}`
  const found = candidates.find((python) => spawnSync(python, ['-c', code]).status === 0)
  if (found === undefined) {
    console.warn(`Tests with ${modules.join(', ')} are skipped: no python3 here has it.`)
    return null
  }
  return {
    run(program, ...args) {
      const { status, stdout, stderr } = spawnSync(found, ['-c', program, ...args], { encoding: 'utf8' })
      expect(stderr).toBe('')
      expect(status).toBe(0)
      return stdout.trim()
    },
  }
}
