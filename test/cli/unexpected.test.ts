import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'

// Thrown outside of any command, as by a timer or an event; its words are those of a file's name.
const thrower = `
  const wait = () => {
    if (process.listenerCount('uncaughtException') === 0) return setImmediate(wait)
    throw new Error('\\u001b]0;owned\\u0007 cannot be read\\nlab: forged')
  }
  wait()`

it('an error that no command expected is one sentence that steers no terminal, and ends with 1', () => {
  const lab = path.join(import.meta.dirname, '../../main/cli/lab.ts')
  const preload = `data:text/javascript,${encodeURIComponent(thrower)}`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', preload, lab, 'engines'], {
    encoding: 'utf8',
  })
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toBe('lab: \\u001b]0;owned\\u0007 cannot be read\\u000alab: forged\n')
})
