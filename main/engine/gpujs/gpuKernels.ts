import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { decoderFormulas, formulasOf } from '#shared/model/activations.ts'
import { isConstant, multiply } from '#shared/model/expression.ts'
import { slopeExpressions, usesNorms } from '#shared/model/penalties.ts'
import type { KernelText } from './gpuDevice.ts'
import { blockLoop, entry, gpuText, rowOf, total, vectorText, x, y } from './gpuKernelText.ts'
import { padded, type GpuLayout } from './gpuLayout.ts'

/** Threads that keep a large GPU busy while they wait for memory. */
const wantedThreads = 131_072
/** More rows than this in one float32 sum cost digits. */
const mostRowsAtOnce = 1_024
const fewestRowsAtOnce = 64

/** A column of the decoder that is all 0 has no direction; no other column is as short. */
const smallestNorm = 1e-18

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
  const f = formulasOf(hyper.activation)
  const g = decoderFormulas(hyper)
  const { slope, columnSlope } = slopeExpressions(hyper)
  const withNorms = usesNorms(hyper)
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
  const target = (at: string) => entry('targets', y, n, at)
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
    /** inputs, weights1 → a2 */
    hidden: layer({ inputs: n, stride: n, outputs: hiddenColumns }, '', (sum) =>
      gpuText(f.value, { z: sum }),
    ),
    /** a2, weights2, targets → ŷ − y */
    residual: layer(
      { inputs: h, stride: hiddenColumns, outputs: visibleColumns },
      ', targets',
      (sum, at) => `${gpuText(g.value, { z: sum })} - ${target(at)}`,
    ),
    /** residual, targets → δ3; the residual itself where the decoder is linear */
    outputDelta: isConstant(g.derivative, 1)
      ? null
      : vector.map(
          'residual, targets',
          (at, variable) => ({
            before: `const ${variable} = ${residual(at)} + ${target(at)};`,
            value: `${residual(at)} * (${gpuText(g.derivative, { a: variable })})`,
          }),
          visibleColumns,
          rows,
        ),
    /** δ3, theta, ρ̂, a2 and, where the penalty needs them, norms → δ2 */
    hiddenDelta: vector.product({
      parameters: `delta3, theta, rhoHat, a2${withNorms ? ', norms' : ''}`,
      start: (at) =>
        slope === null ? '0' : gpuText(slope, { rhoHat: `rhoHat[${at}]`, norm: `norms[${at}]` }),
      count: n,
      left: entry('delta3', y, visibleColumns, 'i'),
      right: (at) => `theta[${second} + i * ${stride2} + ${at}]`,
      value: (sum, at) => `${sum} * (${gpuText(f.derivative, { a: entry('a2', y, hiddenColumns, at) })})`,
      columns: hiddenColumns,
      rows,
    }),
    /** δ2, inputs → Σ over a block's rows of [δ2ᵀ·inputs | δ2]; and δ3, a2 likewise */
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
      columnSlope === null
        ? undefined
        : {
            parameters: 'theta, columnSlopes',
            value: (at) => `columnSlopes[${at}] * theta[${second} + ${y} * ${stride2} + ${at}]`,
          },
    ),
    /** theta → ‖d_j‖, the norms of the decoder's columns */
    norms: withNorms
      ? {
          source: `function (theta) {
            ${total('sum', n, `theta[${second} + i * ${stride2} + ${x}] * theta[${second} + i * ${stride2} + ${x}]`)}
            return Math.sqrt(sum);
          }`,
          columns: h,
        }
      : null,
    /** ρ̂, norms → what times d_j is to be added to the sum over the rows of the decoder's gradient */
    columnSlopes:
      columnSlope === null
        ? null
        : {
            source: `function (rhoHat, norms) {
              return ${gpuText(multiply(rows, columnSlope), {
                rhoHat: `rhoHat[${x}]`,
                norm: `Math.max(norms[${x}], ${smallestNorm})`,
              })};
            }`,
            columns: h,
          },
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
