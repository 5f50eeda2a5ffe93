import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { captureCommand } from '../../scripts/command.ts'
import { noOwnNetwork, runInOwnNetwork } from './ownNetwork.ts'
import {
  asProgram,
  isTelemetry,
  makeFreshHome,
  telemetryAsItComes,
  waitUntilItAsks,
} from './telemetryAsItComes.ts'

const cwd = path.join(import.meta.dirname, '..', '..')
const home = makeFreshHome()
const { env } = home
const library = mkdtempSync(path.join(tmpdir(), 'rho-lab-telemetry-'))

const lab = (...args: string[]) => ['main/cli/lab.ts', ...args, '--library', library]
const train = (iterations: number) => {
  const settings = ['--hidden', '9', '--optimizer', 'adam', '--iterations', String(iterations)]
  return lab('train', '--dataset', 'bars', '--engine', 'onnx', ...settings)
}

/** A gradient by three threads, which `train` takes where it measured that they are faster. */
const byThreads = `
  const { onnxEngine } = await import('./main/engine/onnx/onnxEngine.ts')
  const { defaultConfig } = await import('./shared/domain/runConfig.ts')
  const settings = { ...defaultConfig, hyper: { ...defaultConfig, hidden: 2 }, threads: 3, spin: false }
  const engine = await onnxEngine.create({ m: 3000, n: 4, h: 2, batch: 100 }, settings)
  const patches = new Float32Array(3000 * 4).fill(0.5)
  await engine.setExamples({ inputs: patches, targets: patches })
  const theta = new Float64Array(2 * 2 * 4 + 2 + 4).fill(0.1)
  await engine.evaluate(theta, new Float64Array(theta.length))
  console.log(engine.describe().threads)
  await engine.dispose()`

beforeAll(async () => {
  const args = lab('generate', 'bars', '--patches', '300', '--patch', '4')
  const { exitCode, stderr } = await captureCommand(process.execPath, args, { cwd })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
})
afterAll(() => {
  home.remove()
  rmSync(library, { recursive: true })
})
beforeEach(() => home.clear())

test.skipIf(process.platform === 'win32')(
  'ONNX Runtime as it comes leaves an id of the machine and a queue of events, so that we would see them',
  async () => {
    await captureCommand(process.execPath, telemetryAsItComes, { cwd, env })
    const left = home.filesLeft().filter(isTelemetry)
    for (const name of [/deviceid$/, /onnxruntime\.db$/, /mat-debug-\d+\.log$/])
      expect(left).toContainEqual(expect.stringMatching(name))
  },
)

test.each([
  ['a session’s thread', train(3), /finished after 3 iterations/],
  ['the command line’s own thread', lab('gradcheck', '--dataset', 'bars', '--engine', 'onnx'), /onnx/],
  ['the threads that share a gradient', asProgram(byThreads), /^3$/m],
])('nothing is left in the home or the temporary folder by %s', async (_who, args, said) => {
  const { exitCode, stdout, stderr } = await captureCommand(process.execPath, args, { cwd, env })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatch(said)
  expect(home.filesLeft()).toEqual([])
})

test('a thread that was started without telemetry being off loads no ONNX Runtime', async () => {
  const code = `
    const { Worker } = await import('node:worker_threads')
    const code = "import('./main/engine/onnx/runtime.ts').then(({ loadOnnxRuntime }) => loadOnnxRuntime())"
    new Worker(code, { eval: true }).on('error', (error) => console.log(error.message))`
  const { stdout } = await captureCommand(process.execPath, asProgram(code), { cwd, env })
  expect(stdout).toMatch(/without ORT_DISABLE_TELEMETRY=1/)
  expect(home.filesLeft()).toEqual([])
})

const refusal = noOwnNetwork()
test.skipIf(refusal)(
  `training asks nobody, native code included${refusal ? `: ${refusal}` : ''}`,
  { timeout: 300_000 },
  async () => {
    const { asked, afterMs } = await waitUntilItAsks(env)
    expect(asked).toEqual(['mobile.events.data.microsoft.com'])
    const limits = { cwd, env, limitMs: 1.5 * afterMs }
    const trained = await runInOwnNetwork(process.execPath, train(1_000_000), limits)
    expect(trained.stdout).toMatch(/stopped after \d+ iterations/)
    expect(trained.attempts).toEqual({ asked: [], connections: 0, lost: 0 })
  },
)
