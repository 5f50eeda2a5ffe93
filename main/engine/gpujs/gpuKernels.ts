import type { Activation, Hyperparameters } from '#shared/domain/runConfig.ts'
import { decoderActivation } from '../activation.ts'
import { beta1, beta2 } from '#main/optimiser/adam.ts'
import type { KernelText } from './gpuDevice.ts'
import { padded, type GpuLayout } from './gpuLayout.ts'

/** A squashing function and its derivative as expressions, the derivative from the function's own value. */
interface ActivationText {
  value(z: string): string
  derivative(a: string): string
}

const activations: Record<Activation | 'linear', ActivationText> = {
  sigmoid: { value: (z) => `1 / (1 + Math.exp(-${z}))`, derivative: (a) => `${a} * (1 - ${a})` },
  // Some drivers' own tanh is exp(z) over exp(z) and gives NaN for large z; this one saturates.
  tanh: { value: (z) => `1 - 2 / (1 + Math.exp(2 * ${z}))`, derivative: (a) => `1 - ${a} * ${a}` },
  linear: { value: (z) => z, derivative: () => '1' },
}

const x = 'this.thread.x'
const y = 'this.thread.y'
const z = 'this.thread.z'

/** Threads that keep a large GPU busy while they wait for memory. */
const wantedThreads = 131_072
/** More rows than this in one float32 sum cost digits. */
const mostRowsAtOnce = 1_024
const fewestRowsAtOnce = 64

/** Blocks of rows to sum apart, for a product over all rows into few outputs: enough threads, and enough digits. */
function rowBlocks(rows: number, outputs: number): { blockRows: number; blocks: number } {
  const wanted = Math.ceil((rows * outputs) / wantedThreads)
  const blockRows = Math.min(rows, Math.max(fewestRowsAtOnce, Math.min(mostRowsAtOnce, wanted)))
  return { blockRows, blocks: Math.ceil(rows / blockRows) }
}

/**
 * The kernels of cost and gradient over one number of rows (patches), in gpu.js's language.
 *
 * Rules that they keep: neighbouring threads read neighbouring memory (x is always the fastest index of what is read,
 * for which the weights are transposed first); matrices are read by one index with a literal stride (of two indices,
 * gpu.js makes one with a stride read at run time, which took SwiftShader twice as long); every loop has literal
 * bounds (gpu.js silently cuts others at `loopMaxIterations`); an index is never put into a variable (gpu.js would
 * make it a float, exact only to 2²⁴); no statement is long (WebGPU's parser gives up).
 * @see GpuLayout for theta, and for what stands in padded columns
 */
export function gradientKernels(layout: GpuLayout, rows: number, hyper: Hyperparameters) {
  const { n, h, perThread, stride1, stride2, second, length } = layout
  const f = activations[hyper.activation]
  const g = activations[decoderActivation(hyper)]
  const vector = vectorText(perThread)
  const hiddenColumns = padded(h, perThread)
  const visibleColumns = padded(n, perThread)
  const sumRows = Math.max(16, Math.ceil(Math.sqrt(rows)))
  const sumBlocks = Math.ceil(rows / sumRows)
  const products = rowBlocks(rows, n * h)

  /** value(input · Wᵀ + b), with [Wᵀ; b] as weights. */
  const layer = (
    { inputs, stride, outputs }: { inputs: number; stride: number; outputs: number },
    extra: string,
    value: (z: string, at: string) => string,
  ) =>
    vector.product({
      parameters: `input, weights${extra}`,
      start: (at) => entry('weights', `${inputs}`, outputs, at),
      count: inputs,
      left: entry('input', y, stride, 'i'),
      right: (at) => entry('weights', 'i', outputs, at),
      value,
      columns: outputs,
      rows,
    })
  const patch = (at: string) => entry('patches', y, n, at)
  const residual = (at: string) => entry('residual', y, visibleColumns, at)

  return {
    /** theta → [W1ᵀ; b1] and [W2ᵀ; b2] */
    weights1: vector.map('theta', (at) => `theta[(${at}) * ${stride1} + ${y}]`, hiddenColumns, n + 1),
    weights2: vector.map(
      'theta',
      (at) => `theta[${second} + (${at}) * ${stride2} + ${y}]`,
      visibleColumns,
      h + 1,
    ),
    /** patches, weights1 → a2 */
    hidden: layer({ inputs: n, stride: n, outputs: hiddenColumns }, '', (sum) => f.value(sum)),
    /** a2, weights2, patches → h(x) − x */
    residual: layer(
      { inputs: h, stride: hiddenColumns, outputs: visibleColumns },
      ', patches',
      (sum, at) => `${g.value(sum)} - ${patch(at)}`,
    ),
    /** residual, patches → δ3; the residual itself where the decoder is linear */
    outputDelta:
      g === activations.linear
        ? null
        : vector.map(
            'residual, patches',
            (at, variable) => ({
              before: `const ${variable} = ${residual(at)} + ${patch(at)};`,
              value: `${residual(at)} * (${g.derivative(variable)})`,
            }),
            visibleColumns,
            rows,
          ),
    /** δ3, theta, ρ̂, a2 → δ2 */
    hiddenDelta: vector.product({
      parameters: 'delta3, theta, rhoHat, a2',
      start: (at) => sparsityText(hyper, `rhoHat[${at}]`),
      count: n,
      left: entry('delta3', y, visibleColumns, 'i'),
      right: (at) => `theta[${second} + i * ${stride2} + ${at}]`,
      value: (sum, at) => `${sum} * (${f.derivative(entry('a2', y, hiddenColumns, at))})`,
      columns: hiddenColumns,
      rows,
    }),
    /** δ2, patches → Σ over a block's rows of [δ2ᵀ·patches | δ2]; and δ3, a2 likewise */
    gradient1: vector.blockProducts(
      { columns: h, stride: hiddenColumns },
      { columns: n, stride: n },
      rows,
      products,
    ),
    gradient2: vector.blockProducts(
      { columns: n, stride: visibleColumns },
      { columns: h, stride: hiddenColumns },
      rows,
      products,
    ),
    /** a2 → its sums over blocks of rows; residual → those of its squares */
    activationSums: blockSums(h, rows, sumRows, entry('A', rowOf(y, sumRows), hiddenColumns, x)),
    squareSums: blockSums(
      n,
      rows,
      sumRows,
      `${entry('A', rowOf(y, sumRows), visibleColumns, x)} * ${entry('A', rowOf(y, sumRows), visibleColumns, x)}`,
    ),
    squareTotals: {
      source: `function (sums) {
        ${total('sum', sumBlocks, `sums[i * ${n} + ${x}]`)}
        return sum;
      }`,
      columns: n,
    },
    /** sums of a2 → their mean */
    mean: {
      source: `function (sums) {
        ${total('sum', sumBlocks, `sums[i * ${h} + ${x}]`)}
        return sum / ${rows};
      }`,
      columns: h,
    },
    /** sums of a2, ρ̂ before, the share of it that is kept → ρ̂ */
    movingAverage: {
      source: `function (sums, before, kept) {
        ${total('sum', sumBlocks, `sums[i * ${h} + ${x}]`)}
        return kept * before[${x}] + (1 - kept) * (sum / ${rows});
      }`,
      columns: h,
    },
    /** both products → the whole gradient's sums over the rows, in the layout of theta */
    gradientSums: {
      source: `function (products1, products2) {
        ${productTotals(layout, products.blocks)}
        return sum;
      }`,
      columns: length,
    },
    /** the same, averaged, and with weight decay */
    gradient: {
      source: `function (products1, products2, theta, decay) {
        ${productTotals(layout, products.blocks)}
        return sum / ${rows} + decay[${x}] * theta[${x}];
      }`,
      columns: length,
    },
  } satisfies Record<string, KernelText | null>
}

/** The kernels of mini-batches that do not depend on their number of rows, all over vectors as long as theta. */
export function updateKernels({ length }: GpuLayout, momentum: number) {
  const update = (parameters: string, value: string): KernelText => ({
    source: `function (${parameters}) { return ${value}; }`,
    columns: length,
  })
  return {
    adam: {
      first: update('gradient, first', `${beta1} * first[${x}] + ${1 - beta1} * gradient[${x}]`),
      second: update(
        'gradient, second',
        `${beta2} * second[${x}] + ${1 - beta2} * gradient[${x}] * gradient[${x}]`,
      ),
      theta: update(
        'theta, first, second, rate, epsilon',
        `theta[${x}] - rate * first[${x}] / (Math.sqrt(second[${x}]) + epsilon)`,
      ),
    },
    sgd: {
      velocity: update('gradient, velocity', `${momentum} * velocity[${x}] + gradient[${x}]`),
      theta: update('theta, velocity, rate', `theta[${x}] - rate * velocity[${x}]`),
    },
  }
}

/** patches, the indices of some → these patches */
export const gatherKernel = (n: number, rows: number): KernelText => ({
  source: `function (patches, order) { return patches[order[${y}]][${x}]; }`,
  columns: n,
  rows,
})

/** errors of earlier steps, squared errors by pixel, number of the step → errors of all steps */
export const errorsKernel = (n: number, steps: number): KernelText => ({
  source: `function (errors, squares, step) {
    let value = errors[${x}];
    if (${x} === step) {
      ${total('sum', n, 'squares[i]')}
      value = sum;
    }
    return value;
  }`,
  columns: steps,
})

/** A matrix's entry, of rows of `stride` numbers. */
const entry = (name: string, row: string, stride: number, column: string): string =>
  `${name}[(${row}) * ${stride} + ${column}]`

/** Row i of a block of rows. */
const rowOf = (block: string, blockRows: number): string => `${block} * ${blockRows} + i`

/** let name = Σ term(i) for i < count */
const total = (name: string, count: number, term: string): string => `
  let ${name} = 0;
  for (let i = 0; i < ${count}; i++) {
    ${name} += ${term};
  }`

/** The loop over a block's rows; the last block may have fewer. */
function blockLoop(row: string, rows: number, blockRows: number, body: string): string {
  const inside = rows % blockRows === 0 ? body : `if (${row} < ${rows}) { ${body} }`
  return `for (let i = 0; i < ${blockRows}; i++) { ${inside} }`
}

function blockSums(columns: number, rows: number, blockRows: number, term: string): KernelText {
  return {
    source: `function (A) {
      let sum = 0;
      ${blockLoop(rowOf(y, blockRows), rows, blockRows, `sum += ${term};`)}
      return sum;
    }`,
    columns,
    rows: Math.ceil(rows / blockRows),
  }
}

/** let sum = entry x of the layout of theta, added up over the blocks of both products */
function productTotals({ second, length }: GpuLayout, blocks: number): string {
  return `let sum = 0;
    if (${x} < ${second}) {
      for (let i = 0; i < ${blocks}; i++) {
        sum += products1[i * ${second} + ${x}];
      }
    } else {
      for (let i = 0; i < ${blocks}; i++) {
        sum += products2[i * ${length - second} + ${x} - ${second}];
      }
    }`
}

/** β·dKL/dρ̂ as an expression. */
function sparsityText({ activation, rho, beta }: Hyperparameters, rhoHat: string): string {
  if (beta === 0) return '0'
  const isTanh = activation === 'tanh'
  const r = isTanh ? `((1 + ${rhoHat}) / 2)` : rhoHat
  return `${isTanh ? beta / 2 : beta} * (${1 - rho} / (1 - ${r}) - ${rho} / ${r})`
}

interface Product {
  parameters: string
  start(at: string): string
  /** Terms of the sum over i. */
  count: number
  left: string
  right(at: string): string
  value(sum: string, at: string): string
  columns: number
  rows: number
}

/**
 * Kernels whose threads compute one or four neighbouring columns: four read a factor once for four products, and so
 * 5 numbers where single threads read 8.
 */
function vectorText(perThread: 1 | 4) {
  const lanes = Array.from({ length: perThread }, (_, lane) => lane)
  const at = (lane: number): string => (perThread === 1 ? x : `${x} * 4 + ${lane}`)
  const each = (text: (lane: number) => string, separator = '\n'): string => lanes.map(text).join(separator)
  const returned = (text: (lane: number) => string): string =>
    perThread === 1 ? `return ${text(0)};` : `return [${each(text, ', ')}];`

  return {
    /** A value for each row and column. */
    map(
      parameters: string,
      value: (at: string, variable: string) => string | { before: string; value: string },
      columns: number,
      rows: number,
    ): KernelText {
      const parts = lanes.map((lane) => {
        const part = value(at(lane), `v${lane}`)
        return typeof part === 'string' ? { before: '', value: part } : part
      })
      return {
        source: `function (${parameters}) {
          ${each((lane) => parts[lane].before)}
          ${returned((lane) => parts[lane].value)}
        }`,
        columns,
        rows,
        perThread,
      }
    },

    /** The general product: value(start + Σ left · right). */
    product({ parameters, start, count, left, right, value, columns, rows }: Product): KernelText {
      return {
        source: `function (${parameters}) {
          ${each((lane) => `let z${lane} = ${start(at(lane))};`)}
          for (let i = 0; i < ${count}; i++) {
            const factor = ${left};
            ${each((lane) => `z${lane} += factor * ${right(at(lane))};`)}
          }
          ${returned((lane) => value(`z${lane}`, at(lane)))}
        }`,
        columns,
        rows,
        perThread,
      }
    },

    /** Aᵀ·[B | 1] over the rows of each block. */
    blockProducts(
      A: { columns: number; stride: number },
      B: { columns: number; stride: number },
      rows: number,
      { blockRows, blocks }: { blockRows: number; blocks: number },
    ): KernelText {
      const row = rowOf(z, blockRows)
      const factor = entry('A', row, A.stride, y)
      const biasLane = B.columns % perThread
      return {
        source: `function (A, B) {
          ${each((lane) => `let z${lane} = 0;`)}
          ${blockLoop(
            row,
            rows,
            blockRows,
            `const factor = ${factor};
            ${each((lane) => `z${lane} += factor * ${entry('B', row, B.stride, at(lane))};`)}`,
          )}
          if (${x} === ${Math.floor(B.columns / perThread)}) {
            z${biasLane} = 0;
            ${blockLoop(row, rows, blockRows, `z${biasLane} += ${factor};`)}
          }
          ${returned((lane) => `z${lane}`)}
        }`,
        columns: padded(B.columns + 1, perThread),
        rows: A.columns,
        layers: blocks,
        perThread,
      }
    },
  }
}
