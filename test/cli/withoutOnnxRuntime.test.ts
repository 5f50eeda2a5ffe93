import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { captureCommand } from '../../scripts/command.ts'

const root = path.join(import.meta.dirname, '..', '..')
let folder: string
let hidden: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rho-lab-without-onnx-'))
  hidden = path.join(folder, 'hidden.mjs')
  // As on an Intel Mac, for which the package holds no binary.
  writeFileSync(
    hidden,
    `import { registerHooks } from 'node:module'
     registerHooks({
       resolve(name, context, next) {
         if (!name.endsWith('onnxruntime_binding.node')) return next(name, context)
         throw Object.assign(new Error("Cannot find module '" + name + "'"), { code: 'MODULE_NOT_FOUND' })
       },
     })`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

async function lab<T>(...args: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await captureCommand(
    process.execPath,
    ['main/cli/lab.ts', ...args, '--library', path.join(folder, 'library'), '--json'],
    { cwd: root, env: { ...process.env, NODE_OPTIONS: `--import=${pathToFileURL(hidden).href}` } },
  )
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as T
}

test('where there is no ONNX Runtime, auto trains with what is there and says why', async () => {
  await lab('generate', 'bars', '--patches', '200', '--patch', '4')
  const { engine, runId } = await lab<{ engine: string; runId: number }>(
    ...['train', '--dataset', 'bars', '--hidden', '4', '--iterations', '3'],
  )
  expect(['wasm', 'gpu']).toContain(engine)
  const { engine: described } = await lab<{ engine: { reason: string } }>('show', String(runId))
  expect(described.reason).toMatch(/ONNX Runtime is not available/)

  const engines = await lab<{ engine: string; reason: string }[]>('engines')
  expect(engines.find((status) => status.engine === 'onnx')?.reason).toBe(
    `ONNX Runtime cannot be loaded (there is none for ${process.platform} ${process.arch}).`,
  )
})
