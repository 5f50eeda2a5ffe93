import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RunTiming } from '#main/bench/engineContender.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'

/** A program by others that does the same work. */
export type PeerKind = 'numpy64' | 'numpy32' | 'torch'

export const peerTitles: Record<PeerKind, string> = {
  numpy64: 'NumPy/SciPy float64',
  numpy32: 'NumPy/SciPy float32',
  torch: 'PyTorch',
}

export interface Peer {
  kind: PeerKind
  threads: number
  prepare(patchesPath: string, thetaPath: string, config: RunConfig): Promise<void>
  /** @returns milliseconds */
  time(work: 'gradient' | 'products' | 'epoch'): Promise<number>
  run(iterations: number): Promise<RunTiming>
  close(): void
}

interface Answer extends Partial<RunTiming> {
  elapsedMs?: number
}

const python = process.env['RHO_LAB_PYTHON'] ?? '/usr/bin/python3'
const script = join(import.meta.dirname, 'autoencoder_peer.py')
const modules: Record<PeerKind, string> = { numpy64: 'scipy', numpy32: 'scipy', torch: 'torch' }

/** Version of what a peer is made of; null where this machine does not have it. */
export function peerVersion(kind: PeerKind): string | null {
  const name = modules[kind]
  const names = kind === 'torch' ? [name] : ['numpy', name]
  const program = `import ${names.join(', ')}\nprint(", ".join(m.__name__ + " " + m.__version__ for m in (${names.join(', ')},)))`
  try {
    return execFileSync(python, ['-c', program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return null
  }
}

/** @param threads  that its matrix products may take */
export function startPeer(kind: PeerKind, threads: number): Peer {
  const count = String(threads)
  const child = spawn(python, [script, kind], {
    env: { ...process.env, OMP_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, MKL_NUM_THREADS: count },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = []
  lines.on('line', (line) => waiting.shift()?.resolve(JSON.parse(line) as Answer))
  child.on('exit', (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${kind} ended with exit code ${code}.`))
  })

  const ask = (request: object) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ resolve, reject })
      child.stdin.write(`${JSON.stringify(request)}\n`)
    })
  return {
    kind,
    threads,
    async prepare(patches, theta, hyper) {
      await ask({ op: 'prepare', patches, theta, hyper })
    },
    time: async (work) => (await ask({ op: work })).elapsedMs ?? NaN,
    async run(iterations) {
      const {
        elapsedMs = NaN,
        cost = NaN,
        iterations: done = 0,
        evaluations = 0,
      } = await ask({ op: 'run', iterations })
      return { elapsedMs, cost, iterations: done, evaluations }
    },
    close: () => void child.stdin.end(),
  }
}
