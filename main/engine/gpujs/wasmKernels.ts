import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { decoderFormulas, formulasOf } from '#shared/model/activations.ts'
import {
  add,
  divide,
  larger,
  multiply,
  smaller,
  variable,
  type Expression,
} from '#shared/model/expression.ts'
import { expressionText, statementText, type Dialect } from '#shared/model/expressionText.ts'
import { slopeExpressions, usesNorms } from '#shared/model/penalties.ts'
import type { WasmLayout } from './wasmLayout.ts'

/** One gpu.js kernel: its text, and the extent of its output, fastest index first. */
export interface WasmKernel {
  source: string
  output: [number] | [number, number] | [number, number, number]
}

const x = 'this.thread.x'
const y = 'this.thread.y'
const z = 'this.thread.z'

/** Terms in one statement: a longer one is parsed ever more slowly. */
const termsAtOnce = 16
/** Terms of a product that one kernel adds up. */
const termsAKernel = 112

/**
 * The kernels of one evaluation, written for gpu.js's WebAssembly code generator: every sum is unrolled with literal
 * indices (a loop's counter is a float there, converted at each access), widths are multiples of four (else nothing
 * runs four at a time), and no kernel calls JavaScript (as its `exp` does, once a value).
 *
 * Matrices read as A[row][column]. What stands in padded columns is never used; padded rows are zero after the
 * hidden layer and in the deltas.
 */
export function wasmKernels(layout: WasmLayout, hyper: Hyperparameters) {
  const { rows, paddedRows, n, h, width, hiddenWidth, chunks, chunkRows } = layout
  const f = formulasOf(hyper.activation)
  const g = decoderFormulas(hyper)
  const { slope } = slopeExpressions(hyper)
  const unused = multiply(0, variable('rhoHat'))
  const onlyRows = rows === paddedRows ? '' : `if (${y} >= ${rows}) { return 0; }`
  const chunkRow = (at: string) => (i: number) => `${at} * ${chunkRows} + ${i}`
  const chunkSums = (columns: number, parameters: string, term: (row: string) => string): WasmKernel => ({
    source: `function (${parameters}) {
      let sum = 0;
      ${unrolled(chunkRows, (i) => term(chunkRow(y)(i)))}
      return sum;
    }`,
    output: [columns, chunks],
  })
  /** Aᵀ·B over the rows of each chunk. */
  const chunkProducts = (columnsOfB: number, columnsOfA: number): WasmKernel => ({
    source: `function (A, B) {
      let sum = 0;
      ${unrolled(chunkRows, (i) => `A[${chunkRow(z)(i)}][${y}] * B[${chunkRow(z)(i)}][${x}]`)}
      return sum;
    }`,
    output: [columnsOfB, columnsOfA, chunks],
  })

  return {
    /** inputs, W1ᵀ, b1 → a2 */
    hidden: product(n, [hiddenWidth, paddedRows], `${onlyRows} ${returned(f.value, { z: 'sum' })}`),
    /** a2, W2ᵀ, b2 → ŷ */
    output: product(h, [width, paddedRows], returned(g.value, { z: 'sum' })),
    /** ŷ, targets → δ3 */
    outputDelta: {
      source: `function (outputs, targets) {
        ${onlyRows}
        const a = outputs[${y}][${x}];
        return (a - targets[${y}][${x}]) * (${expressionText(g.derivative, { a: 'a' }, wasmDialect)});
      }`,
      output: [width, paddedRows],
    },
    /** δ3, W2, slopes → δ2 / f′ */
    hiddenBack: product(n, [hiddenWidth, paddedRows], 'return sum;'),
    /** δ2 / f′, a2 → δ2 */
    hiddenDelta: {
      source: `function (back, a2) {
        ${onlyRows}
        const a = a2[${y}][${x}];
        return back[${y}][${x}] * (${expressionText(f.derivative, { a: 'a' }, wasmDialect)});
      }`,
      output: [hiddenWidth, paddedRows],
    },
    /** a2 or δ2 → sums over the rows of each chunk; then over the chunks */
    hiddenSums: chunkSums(hiddenWidth, 'A', (row) => `A[${row}][${x}]`),
    hiddenTotals: totals([hiddenWidth], chunks),
    /** δ3 likewise */
    outputSums: chunkSums(width, 'A', (row) => `A[${row}][${x}]`),
    outputTotals: totals([width], chunks),
    /** ŷ, targets → Σ (ŷ − y)² of each chunk and pixel */
    squaredErrors: {
      source: `function (outputs, targets) {
        let sum = 0;
        let error = 0;
        ${statements(chunkRows, (i) => {
          const row = chunkRow(y)(i)
          const add = `error = outputs[${row}][${x}] - targets[${row}][${x}]; sum += error * error;`
          return rows === paddedRows ? add : `if (${row} < ${rows}) { ${add} }`
        })}
        return sum;
      }`,
      output: [width, chunks],
    },
    /** sums of a2, ρ̂ before, the share of it that is kept → ρ̂ */
    rhoHat: {
      source: `function (sums, before, kept) {
        return kept[0] * before[${x}] + (1 - kept[0]) * sums[${x}] / ${rows};
      }`,
      output: [hiddenWidth],
    },
    /** ρ̂, where needed the norms of the decoder's columns → how steeply the cost rises with it */
    slopes: {
      // gpu.js takes no kernel that does not use what it is given.
      source: `function (rhoHat${usesNorms(hyper) ? ', norms' : ''}) {
        ${returned(slope === null ? unused : usesNorms(hyper) ? add(slope, unused) : slope, {
          rhoHat: `rhoHat[${x}]`,
          norm: `norms[${x}]`,
        })}
      }`,
      output: [hiddenWidth],
    },
    /** δ2, inputs → δ2ᵀ·inputs of each chunk, and δ3, a2 → δ3ᵀ·a2 */
    W1Sums: chunkProducts(width, h),
    W1Totals: totals([width, h], chunks),
    W2Sums: chunkProducts(hiddenWidth, n),
    W2Totals: totals([hiddenWidth, n], chunks),
  } satisfies Record<string, WasmKernel | readonly WasmKernel[]>
}

/**
 * input·W + b, where W is inputs × outputs, as kernels that each add some of the terms to the sums of the one before
 * (the first: to b). Unrolled code that does not fit a core's instruction cache runs at half the speed.
 * @param end  what becomes of the complete `sum`
 */
function product(inputs: number, output: [number, number], end: string): readonly WasmKernel[] {
  const parts = Math.ceil(inputs / termsAKernel)
  const bound = (part: number) => Math.floor((part * inputs) / parts)
  return Array.from({ length: parts }, (_, part) => ({
    source: `function (input, W, before) {
      let sum = before${part === 0 ? `[${x}]` : `[${y}][${x}]`};
      ${unrolled(bound(part + 1) - bound(part), (i) => {
        const at = bound(part) + i
        return `input[${y}][${at}] * W[${at}][${x}]`
      })}
      ${part === parts - 1 ? end : 'return sum;'}
    }`,
    output,
  }))
}

const statements = (count: number, statement: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => statement(i)).join('\n')

/** Adds `count` terms to `sum`. */
const unrolled = (count: number, term: (i: number) => string): string =>
  statements(Math.ceil(count / termsAtOnce), (group) => {
    const from = group * termsAtOnce
    const terms = Array.from({ length: Math.min(termsAtOnce, count - from) }, (_, i) => term(from + i))
    return `sum += ${terms.join(' + ')};`
  })

function totals(columns: [number] | [number, number], chunks: number): WasmKernel {
  const [column] = columns.length === 2 ? [`[${y}][${x}]`] : [`[${x}]`]
  return {
    source: `function (sums) {
      let sum = 0;
      ${unrolled(chunks, (chunk) => `sums[${chunk}]${column}`)}
      return sum;
    }`,
    output: columns,
  }
}

/** Coefficients, highest power first, as nested products. */
const polynomial = (of: Expression, [first, ...rest]: readonly number[]): Expression =>
  rest.reduce((inner: Expression, coefficient) => add(multiply(inner, of), coefficient), {
    kind: 'constant',
    value: first,
  })

/** A ratio of polynomials in z², times z, plus a constant; z is held within a limit. */
function rational(
  z: Expression,
  { limit, odd, even, plus = 0 }: { limit: number; odd: number[]; even: number[]; plus?: number },
): Expression {
  const inside = smaller(larger(z, -limit), limit)
  const square = multiply(inside, inside)
  return add(divide(multiply(inside, polynomial(square, odd)), polynomial(square, even)), plus)
}

/**
 * gpu.js's language without functions that it would call through JavaScript: logistic and tanh within 10⁻⁷, which is all
 * that float32 holds.
 * @see the vectorised logistic and tanh of Eigen and ONNX Runtime's MLAS, whose coefficients these are
 */
export const wasmDialect: Dialect = {
  functions: { sqrt: 'Math.sqrt', smaller: 'Math.min', larger: 'Math.max' },
  spellings: {
    logistic: ([z]) =>
      rational(z, {
        limit: 18,
        odd: [
          4.37031012579801e-11, 1.15627324459942e-7, 6.08574864600143e-5, 8.51377133304701e-3,
          2.48287947061529e-1,
        ],
        even: [
          6.10247389755681e-13, 5.76102136993427e-9, 6.2910678501704e-6, 1.70198817374094e-3,
          1.16817656904453e-1, 9.9315192102318e-1,
        ],
        plus: 0.5,
      }),
    tanh: ([z]) =>
      rational(z, {
        limit: 9,
        odd: [
          -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
          1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
        ],
        even: [1.19825839466702e-6, 1.18534705686654e-4, 2.268434632439e-3, 4.89352518554385e-3],
      }),
  },
}

/** Statements that return the expression. */
function returned(expression: Expression, names: Readonly<Record<string, string>>): string {
  const { before, value } = statementText(expression, names, wasmDialect)
  return `${before} return ${value};`
}
