import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { EngineName } from '#shared/domain/runConfig.ts'

export interface ScalingRow {
  engine: EngineName
  m: number
  n: number
  h: number
  gradientMs: number
  gflops: number
  /** Of the patches as they are held, and of the whole process. */
  patchesBytes: number
  residentBytes: number
}

/** What grows: patches at the Edges network, hidden units at 10 × 10 pixels, pixels, and both to 784 → 1,000. */
const shapes: readonly [m: number, n: number, h: number][] = [
  ...[1_000, 3_000, 10_000, 30_000, 100_000, 200_000].map((m): [number, number, number] => [m, 64, 25]),
  ...[25, 50, 100, 200, 400, 1_000].map((h): [number, number, number] => [10_000, 100, h]),
  ...[196, 400, 784].map((n): [number, number, number] => [10_000, n, 100]),
  [10_000, 784, 400],
  [10_000, 784, 1_000],
]

/** A gradient of the fallback with more operations than this takes tens of seconds. */
const mostFlops: Partial<Record<EngineName, number>> = { wasm: 6e9, reference: 6e8 }

const run = promisify(execFile)
const script = join(import.meta.dirname, 'measureEngine.ts')

/** Gradient time and memory of each engine, each measurement in a process of its own. */
export async function measureScaling(
  engines: readonly EngineName[],
  say: (text: string) => void,
): Promise<ScalingRow[]> {
  const rows: ScalingRow[] = []
  for (const engine of engines) {
    for (const [m, n, h] of shapes) {
      const flops = 10 * m * n * h
      if (flops > (mostFlops[engine] ?? Infinity)) continue
      say(`scaling: ${engine}, ${m} × ${n} → ${h}`)
      const measure = () => run(process.execPath, [script, engine, String(m), String(n), String(h)])
      // The first time threads are chosen, which takes memory of its own.
      await measure()
      const { stdout } = await measure()
      const measured = JSON.parse(stdout) as Omit<ScalingRow, 'engine' | 'm' | 'n' | 'h' | 'gflops'>
      rows.push({ engine, m, n, h, gflops: flops / measured.gradientMs / 1e6, ...measured })
    }
  }
  return rows
}
