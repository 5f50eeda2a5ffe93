import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { captureCommand } from '../../scripts/command.ts'
import { noOwnNetwork, runInOwnNetwork } from './ownNetwork.ts'

const cwd = path.join(import.meta.dirname, '..', '..')
const scratch = mkdtempSync(path.join(tmpdir(), 'rho-lab-telemetry-'))
const library = path.join(scratch, 'library')
const home = path.join(scratch, 'home')
const temporary = path.join(scratch, 'tmp')
/** Nothing that ONNX Runtime takes for a build machine's, where it is silent, and nothing that silences it. */
const env = { PATH: process.env['PATH'], HOME: home, TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: '1' }

const lab = (...args: string[]) => ['main/cli/lab.ts', ...args, '--library', library]
const train = (iterations: number) =>
  lab(
    'train',
    '--dataset',
    'bars',
    '--hidden',
    '9',
    '--optimizer',
    'adam',
    '--engine',
    'onnx',
    '--iterations',
    String(iterations),
  )

/** A program that computes with ONNX Runtime as it comes. */
const asItComes = `
  const ort = await import('onnxruntime-node')
  const { createGraphBuilder } = await import('./main/engine/onnx/graphBuilder.ts')
  const graph = createGraphBuilder('float32')
  graph.output('c', graph.product(graph.input('a', [2, 2]), graph.input('b', [2, 2])), [2, 2])
  const session = await ort.InferenceSession.create(graph.bytes())
  const matrix = new ort.Tensor('float32', new Float32Array(4), [2, 2])
  await session.run({ a: matrix, b: matrix })`
const forEver = `${asItComes}
  for (;;) {
    await session.run({ a: matrix, b: matrix })
    await new Promise((resume) => setTimeout(resume, 50))
  }`

/** A gradient by three threads, which \`train\` takes where it measured that they are faster. */
const byThreads = `
  const { onnxEngine } = await import('./main/engine/onnx/onnxEngine.ts')
  const { defaultConfig } = await import('./shared/domain/runConfig.ts')
  const settings = { ...defaultConfig, hyper: { ...defaultConfig, hidden: 2 }, threads: 3, spin: false }
  const engine = await onnxEngine.create({ m: 3000, n: 4, h: 2, batch: 100 }, settings)
  await engine.setPatches(new Float32Array(3000 * 4).fill(0.5))
  const theta = new Float64Array(2 * 2 * 4 + 2 + 4).fill(0.1)
  await engine.evaluate(theta, new Float64Array(theta.length))
  console.log(engine.describe().threads)
  await engine.dispose()`

const program = (code: string) => ['-e', `(async () => { ${code} })()`]

beforeAll(async () => {
  const args = lab('generate', 'bars', '--patches', '300', '--patch', '4')
  const { exitCode, stderr } = await captureCommand(process.execPath, args, { cwd })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
})
afterAll(() => rmSync(scratch, { recursive: true }))
beforeEach(() => {
  for (const folder of [home, temporary]) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
  }
})

const filesLeft = () =>
  [home, temporary]
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

test.skipIf(process.platform === 'win32')(
  'ONNX Runtime as it comes leaves an id of the machine and a queue of events, so that we would see them',
  async () => {
    await captureCommand(process.execPath, program(asItComes), { cwd, env })
    expect(filesLeft()).toEqual(expect.arrayContaining(['deviceid', 'onnxruntime.db']))
    expect(filesLeft().join()).toMatch(/mat-debug-\d+\.log/)
  },
)

test.each([
  ['a session’s thread', train(3), /finished after 3 iterations/],
  ['the command line’s own thread', lab('gradcheck', '--dataset', 'bars', '--engine', 'onnx'), /onnx/i],
  ['the threads that share a gradient', program(byThreads), /^3$/m],
])('nothing is left in the home or the temporary folder by %s', async (_who, args, said) => {
  const { exitCode, stdout, stderr } = await captureCommand(process.execPath, args, { cwd, env })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatch(said)
  expect(filesLeft()).toEqual([])
})

test('a thread that was started without telemetry being off loads no ONNX Runtime', async () => {
  const code = `
    const { Worker } = await import('node:worker_threads')
    const code = "import('./main/engine/onnx/runtime.ts').then(({ loadOnnxRuntime }) => loadOnnxRuntime())"
    new Worker(code, { eval: true }).on('error', (error) => console.log(error.message))`
  const { stdout } = await captureCommand(process.execPath, program(code), { cwd, env })
  expect(stdout).toMatch(/without ORT_DISABLE_TELEMETRY=1/)
  expect(filesLeft()).toEqual([])
})

const refusal = noOwnNetwork()
test.skipIf(refusal)(
  `training asks nobody, native code included${refusal ? `: ${refusal}` : ''}`,
  { timeout: 300_000 },
  async () => {
    const begunAt = performance.now()
    const seen = await runInOwnNetwork(process.execPath, program(forEver), { cwd, env })
    expect(seen.attempts.asked).toEqual(['mobile.events.data.microsoft.com'])
    const limitMs = 1.5 * (performance.now() - begunAt)

    const trained = await runInOwnNetwork(process.execPath, train(1_000_000), { cwd, env, limitMs })
    expect(trained.stdout).toMatch(/stopped after \d+ iterations/)
    expect(trained.attempts).toEqual({ asked: [], connections: 0, lost: 0 })
  },
)
