import type { Expression } from '#shared/model/expression.ts'
import { expressionText, type Dialect } from '#shared/model/expressionText.ts'
import type { KernelText } from './gpuDevice.ts'
import { padded } from './gpuLayout.ts'

/** gpu.js's language, which is JavaScript's. Its tanh is the driver's, and some give NaN where it should saturate. */
export const gpuDialect: Dialect = {
  functions: { exp: 'Math.exp', log: 'Math.log', sqrt: 'Math.sqrt', smaller: 'Math.min', larger: 'Math.max' },
}

/** An expression in gpu.js's language. @param names  what stands for its variables */
export const gpuText = (expression: Expression, names: Readonly<Record<string, string>>): string =>
  expressionText(expression, names, gpuDialect)

export const x = 'this.thread.x'
export const y = 'this.thread.y'
export const z = 'this.thread.z'

/** A matrix's entry, of rows of `stride` numbers. */
export const entry = (name: string, row: string, stride: number, column: string): string =>
  `${name}[(${row}) * ${stride} + ${column}]`

/** Row i of a block of rows. */
export const rowOf = (block: string, blockRows: number): string => `${block} * ${blockRows} + i`

/** let name = Σ term(i) for i < count */
export const total = (name: string, count: number, term: string): string => `
  let ${name} = 0;
  for (let i = 0; i < ${count}; i++) {
    ${name} += ${term};
  }`

/** The loop over a block's rows; the last block may have fewer. */
export function blockLoop(row: string, rows: number, blockRows: number, body: string): string {
  const inside = rows % blockRows === 0 ? body : `if (${row} < ${rows}) { ${body} }`
  return `for (let i = 0; i < ${blockRows}; i++) { ${inside} }`
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
export function vectorText(perThread: 1 | 4) {
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

    /**
     * Aᵀ·[B | 1] over the rows of each block.
     * @param plus  what is added to each entry of Aᵀ·B, once, of further inputs of the kernel
     */
    blockProducts(
      A: { columns: number; stride: number },
      B: { columns: number; stride: number },
      rows: number,
      { blockRows, blocks }: { blockRows: number; blocks: number },
      plus?: { parameters: string; value(at: string): string },
    ): KernelText {
      const row = rowOf(z, blockRows)
      const factor = entry('A', row, A.stride, y)
      const biasLane = B.columns % perThread
      return {
        source: `function (A, B${plus ? `, ${plus.parameters}` : ''}) {
          ${each((lane) => `let z${lane} = 0;`)}
          ${blockLoop(
            row,
            rows,
            blockRows,
            `const factor = ${factor};
            ${each((lane) => `z${lane} += factor * ${entry('B', row, B.stride, at(lane))};`)}`,
          )}
          ${
            plus
              ? `if (${z} === 0) {
            ${each((lane) => `if (${at(lane)} < ${B.columns}) { z${lane} += ${plus.value(at(lane))}; }`)}
          }`
              : ''
          }
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
