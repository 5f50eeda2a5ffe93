import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runInOwnNetwork } from './ownNetwork.ts'

const root = path.join(import.meta.dirname, '..', '..')

/** A user's machine as it is at first: nothing in the home or the temporary folder. */
export interface FreshHome {
  /**
   * Nothing that ONNX Runtime takes for a build machine's, where its telemetry is silent, nothing that silences it, and
   * of this process no more than a program needs to start.
   */
  env: NodeJS.ProcessEnv
  /** Names of all files in both folders. */
  filesLeft(): string[]
  clear(): void
  remove(): void
}

export function makeFreshHome(): FreshHome {
  const folder = mkdtempSync(path.join(tmpdir(), 'rho-lab-home-'))
  const [home, temporary] = ['home', 'tmp'].map((name) => path.join(folder, name))
  const clear = () => {
    for (const part of [home, temporary]) {
      rmSync(part, { recursive: true, force: true })
      mkdirSync(part)
    }
  }
  clear()
  const { PATH, DISPLAY, XAUTHORITY, RHO_LAB_SQLITE_BINDING } = process.env
  const own = { PATH, DISPLAY, XAUTHORITY, RHO_LAB_SQLITE_BINDING }
  return {
    env: { ...own, HOME: home, TMPDIR: temporary, NODE_DISABLE_COMPILE_CACHE: '1' },
    filesLeft: () =>
      [home, temporary]
        .flatMap((part) => readdirSync(part, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name))),
    clear,
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** What ONNX Runtime leaves where its telemetry is on: its id of the machine, the queue of events, its logs. */
export const isTelemetry = (file: string) => /microsoft|onnxruntime|deviceid|mat-debug|\.ses$/i.test(file)

const program = `
  const ort = await import('onnxruntime-node')
  const { createGraphBuilder } = await import('./main/engine/onnx/graphBuilder.ts')
  const graph = createGraphBuilder('float32')
  graph.output('c', graph.product(graph.input('a', [2, 2]), graph.input('b', [2, 2])), [2, 2])
  const session = await ort.InferenceSession.create(graph.bytes())
  const matrix = new ort.Tensor('float32', new Float32Array(4), [2, 2])
  const compute = () => session.run({ a: matrix, b: matrix })`

/** Arguments of Node for a program. */
export const asProgram = (code: string) => ['-e', `(async () => { ${code} })()`]

/** A program that computes once with ONNX Runtime as it comes. */
export const telemetryAsItComes = asProgram(`${program}
  await compute()`)

const computingForEver = asProgram(`${program}
  for (;;) {
    await compute()
    await new Promise((resume) => setTimeout(resume, 50))
  }`)

/**
 * Computes with ONNX Runtime as it comes, in a network of its own, until it looks up where to send its events.
 * @returns the name that it asked for, and after how long
 */
export async function waitUntilItAsks(env: NodeJS.ProcessEnv): Promise<{ asked: string[]; afterMs: number }> {
  const begunAt = performance.now()
  const { attempts } = await runInOwnNetwork(process.execPath, computingForEver, { cwd: root, env })
  return { asked: attempts.asked, afterMs: performance.now() - begunAt }
}
