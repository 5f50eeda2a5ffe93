import type { Activation, Hyperparameters } from '#shared/domain/runConfig.ts'
import { decoderActivation } from '../activation.ts'

/** One gpu.js kernel: its text, and the extent of its output, fastest index first. */
export interface KernelSource {
  source: string
  output: [number] | [number, number] | [number, number, number]
}

/** A squashing function and its derivative as expressions, the derivative from the function's own value. */
interface ActivationText {
  value(z: string): string
  derivative(a: string): string
}

const activations: Record<Activation | 'linear', ActivationText> = {
  sigmoid: { value: (z) => `1 / (1 + Math.exp(-${z}))`, derivative: (a) => `${a} * (1 - ${a})` },
  tanh: { value: (z) => `Math.tanh(${z})`, derivative: (a) => `1 - ${a} * ${a}` },
  linear: { value: (z) => z, derivative: () => '1' },
}

/** Rows that are summed in a first stage; a sum over all of them at once loses digits, and threads have no work. */
const chunkRows = 256

const x = 'this.thread.x'
const y = 'this.thread.y'
const z = 'this.thread.z'

/**
 * The kernels of one evaluation, in gpu.js's language, for every backend that it has. Matrices are rows × columns and
 * read as A[row][column]. Every loop has literal bounds: gpu.js silently cuts others at `loopMaxIterations`.
 */
export function kernelSources(rows: number, n: number, h: number, hyper: Hyperparameters) {
  const f = activations[hyper.activation]
  const g = activations[decoderActivation(hyper)]
  const chunks = Math.ceil(rows / chunkRows)

  return {
    /** patches, W1, b1 → a2 */
    hidden: layer(f, n, [h, rows]),
    /** a2, W2, b2 → h(x) */
    output: layer(g, h, [n, rows]),
    /** a2 → sums of each chunk's rows, and so on for the others */
    hiddenSums: chunkSums(h, rows, chunks, 'A[row][column]', 'A'),
    outputSums: chunkSums(n, rows, chunks, 'A[row][column]', 'A'),
    /** h(x), patches → Σ (h(x) − x)² of each chunk and pixel */
    squaredErrors: chunkSums(
      n,
      rows,
      chunks,
      '(A[row][column] - B[row][column]) * (A[row][column] - B[row][column])',
      'A, B',
    ),
    hiddenTotals: totals(h, chunks),
    outputTotals: totals(n, chunks),
    /** sums of a2, ρ̂ before, the share of it that is kept → ρ̂ */
    rhoHat: {
      source: `function (sums, before, kept) {
        return kept[0] * before[${x}] + (1 - kept[0]) * sums[${x}] / ${rows};
      }`,
      output: [h],
    },
    /** ρ̂ → β·dKL/dρ̂ */
    sparsity: { source: sparsitySource(hyper), output: [h] },
    /** h(x), patches → δ3 */
    outputDelta: {
      source: `function (outputs, patches) {
        const a = outputs[${y}][${x}];
        return (a - patches[${y}][${x}]) * (${g.derivative('a')});
      }`,
      output: [n, rows],
    },
    /** δ3, W2, sparsity, a2 → δ2 */
    hiddenDelta: {
      source: `function (delta3, W2, sparsity, a2) {
        let back = sparsity[${x}];
        for (let k = 0; k < ${n}; k++) {
          back += delta3[${y}][k] * W2[k][${x}];
        }
        const a = a2[${y}][${x}];
        return back * (${f.derivative('a')});
      }`,
      output: [h, rows],
    },
    /** δ2, patches → δ2ᵀ·patches of each chunk, and δ3, a2 → δ3ᵀ·a2 */
    W1Sums: chunkProducts(n, h, rows, chunks),
    W2Sums: chunkProducts(h, n, rows, chunks),
    W1Totals: matrixTotals(n, h, chunks),
    W2Totals: matrixTotals(h, n, chunks),
  } satisfies Record<string, KernelSource>
}

/** f(input·Wᵀ + b) */
function layer(f: ActivationText, inputs: number, output: [number, number]): KernelSource {
  return {
    source: `function (input, W, b) {
      let z = b[${x}];
      for (let i = 0; i < ${inputs}; i++) {
        z += input[${y}][i] * W[${x}][i];
      }
      return ${f.value('z')};
    }`,
    output,
  }
}

/** Sums of an expression over the rows of each chunk; the last chunk may be shorter. */
function chunkSums(
  columns: number,
  rows: number,
  chunks: number,
  term: string,
  parameters: string,
): KernelSource {
  return {
    source: `function (${parameters}) {
      const column = ${x};
      let sum = 0;
      for (let i = 0; i < ${chunkRows}; i++) {
        const row = ${y} * ${chunkRows} + i;
        if (row < ${rows}) {
          sum += ${term};
        }
      }
      return sum;
    }`,
    output: [columns, chunks],
  }
}

/** Aᵀ·B over the rows of each chunk. */
function chunkProducts(columnsOfB: number, columnsOfA: number, rows: number, chunks: number): KernelSource {
  return {
    source: `function (A, B) {
      let sum = 0;
      for (let i = 0; i < ${chunkRows}; i++) {
        const row = ${z} * ${chunkRows} + i;
        if (row < ${rows}) {
          sum += A[row][${y}] * B[row][${x}];
        }
      }
      return sum;
    }`,
    output: [columnsOfB, columnsOfA, chunks],
  }
}

function totals(columns: number, chunks: number): KernelSource {
  return {
    source: `function (sums) {
      let total = 0;
      for (let chunk = 0; chunk < ${chunks}; chunk++) {
        total += sums[chunk][${x}];
      }
      return total;
    }`,
    output: [columns],
  }
}

function matrixTotals(columns: number, rows: number, chunks: number): KernelSource {
  return {
    source: `function (sums) {
      let total = 0;
      for (let chunk = 0; chunk < ${chunks}; chunk++) {
        total += sums[chunk][${y}][${x}];
      }
      return total;
    }`,
    output: [columns, rows],
  }
}

function sparsitySource({ activation, rho, beta }: Hyperparameters): string {
  if (beta === 0) return `function (rhoHat) { return 0 * rhoHat[${x}]; }`
  const tanh = activation === 'tanh'
  return `function (rhoHat) {
    const r = ${tanh ? `(1 + rhoHat[${x}]) / 2` : `rhoHat[${x}]`};
    return ${tanh ? beta / 2 : beta} * (${1 - rho} / (1 - r) - ${rho} / r);
  }`
}
