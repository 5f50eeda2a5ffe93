import type { Patches } from './engine.ts'
import type { GradientProgram } from './gradientProgram.ts'
import type { BatchGradient } from './miniBatch.ts'

interface Batch {
  program: GradientProgram
  /** rows × n */
  patches: Patches
}

/**
 * Gradients of mini-batches: the rows of a batch are gathered into a buffer that a program reads. A program has one
 * number of rows, so the shorter batch that ends an epoch gets its own; each is compiled when first needed.
 */
export function createBatchPrograms(n: number, compile: (rows: number) => Promise<GradientProgram>) {
  const batches = new Map<number, Batch>()
  let all: Patches = new Float32Array(0)

  async function batchOf(rows: number): Promise<Batch> {
    const known = batches.get(rows)
    if (known) return known
    const patches = all instanceof Float32Array ? new Float32Array(rows * n) : new Float64Array(rows * n)
    const batch = { program: await compile(rows), patches }
    batch.program.setPatches(patches)
    batches.set(rows, batch)
    return batch
  }

  const evaluate: BatchGradient = async (theta, gradient, rows, average) => {
    const { program, patches } = await batchOf(rows.length)
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i] * n
      for (let k = 0; k < n; k++) patches[i * n + k] = all[from + k]
    }
    return program.evaluate(theta, gradient, average)
  }

  return {
    setPatches(patches: Patches) {
      all = patches
    },
    evaluate,
    async release() {
      for (const { program } of batches.values()) await program.release()
      batches.clear()
      all = new Float32Array(0)
    },
  }
}
