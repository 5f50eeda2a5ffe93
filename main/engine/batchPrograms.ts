import { reproducing, type Examples, type Patches } from './engine.ts'
import type { GradientProgram } from './gradientProgram.ts'
import type { BatchGradient } from './miniBatch.ts'

interface Batch {
  program: GradientProgram
  /** rows × n */
  examples: Examples
}

/**
 * Gradients of mini-batches: the rows of a batch are gathered into a buffer that a program reads. A program has one
 * number of rows, so the shorter batch that ends an epoch gets its own; each is compiled when first needed.
 */
export function createBatchPrograms(n: number, compile: (rows: number) => Promise<GradientProgram>) {
  const batches = new Map<number, Batch>()
  let all: Examples = reproducing(new Float32Array(0))

  async function batchOf(rows: number): Promise<Batch> {
    const known = batches.get(rows)
    if (known) return known
    const space = (like: Patches) =>
      like instanceof Float32Array ? new Float32Array(rows * n) : new Float64Array(rows * n)
    const inputs = space(all.inputs)
    const examples = { inputs, targets: all.targets === all.inputs ? inputs : space(all.targets) }
    const batch = { program: await compile(rows), examples }
    batch.program.setExamples(examples)
    batches.set(rows, batch)
    return batch
  }

  const evaluate: BatchGradient = async (theta, gradient, rows, average) => {
    const { program, examples } = await batchOf(rows.length)
    gather(all.inputs, rows, n, examples.inputs)
    if (examples.targets !== examples.inputs) gather(all.targets, rows, n, examples.targets)
    return program.evaluate(theta, gradient, average)
  }

  return {
    setExamples(examples: Examples) {
      all = examples
    },
    evaluate,
    async release() {
      for (const { program } of batches.values()) await program.release()
      batches.clear()
      all = reproducing(new Float32Array(0))
    },
  }
}

function gather(from: Patches, rows: Uint32Array, n: number, to: Patches): void {
  for (let i = 0; i < rows.length; i++) {
    const first = rows[i] * n
    for (let k = 0; k < n; k++) to[i * n + k] = from[first + k]
  }
}
