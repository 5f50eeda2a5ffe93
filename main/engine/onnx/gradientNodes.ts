import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import type { NetworkSize } from '#shared/model/theta.ts'
import { decoderFormulas, formulasOf } from '#shared/model/activations.ts'
import { distribute, variable, type Expression } from '#shared/model/expression.ts'
import { columnSums, partialColumnSums, partsOf } from './columnSums.ts'
import { expressionNodes } from './expressionNodes.ts'
import type { GraphBuilder, Tensor } from './graphBuilder.ts'

interface BlocksOfPatches {
  size: NetworkSize
  hyper: Hyperparameters
  /** Rows of each block of patches. */
  blocks: readonly number[]
  /** rows × n, one a block. */
  inputs: readonly Tensor[]
}

export interface ForwardInputs extends BlocksOfPatches {
  W1: Tensor
  b1: Tensor
}

export interface ForwardNodes {
  /** rows × h, one a block. */
  activations: Tensor[]
  /** 1 × h: summed over all rows. */
  activationSum: Tensor
}

/** The hidden layer: as far as a gradient gets before it needs ρ̂. */
export function forwardNodes(graph: GraphBuilder, given: ForwardInputs): ForwardNodes {
  const { size, hyper, blocks, inputs, W1, b1 } = given
  const f = formulasOf(hyper.activation)
  const activations: Tensor[] = []
  let activationSum: Tensor = ''
  for (const [k, rows] of blocks.entries()) {
    const z2 = graph.product(inputs[k], W1, { transB: 1, plus: b1 })
    activations[k] = expressionNodes(graph, f.value, { z: z2 })
    activationSum = columnSums(graph, activations[k], rows, size.h, k === 0 ? undefined : activationSum)
  }
  return { activations, activationSum }
}

export interface BackwardInputs extends BlocksOfPatches {
  /** rows × n, one a block. */
  targets: readonly Tensor[]
  /** rows × h, one a block. */
  activations: readonly Tensor[]
  W2: Tensor
  b2: Tensor
  /** 1 × h: how steeply the cost rises with each unit's average activation; absent where nothing is penalised. */
  slopes: Tensor | undefined
}

export interface BackwardNodes {
  /**
   * One vector: the gradient of m·(J − weight decay), laid out as theta, and after it the squared error in
   * `errorParts` parts, to be added up in float64.
   */
  sums: Tensor
  errorParts: number
}

/**
 * From the hidden layer to the end and back.
 *
 * Blocks keep the element-wise passes in cache. All that a block adds to is one vector, so that ONNX Runtime finishes
 * with a block before it turns to another: it orders nodes from the outputs back, and with an output for each part it
 * would go through all blocks once for each.
 */
export function backwardNodes(graph: GraphBuilder, given: BackwardInputs): BackwardNodes {
  const { size, hyper, blocks, inputs, targets, activations, W2, b2, slopes } = given
  const { n, h } = size
  const f = formulasOf(hyper.activation)
  const g = decoderFormulas(hyper)
  const kinds = partKinds(blocks)
  const many = blocks.reduce((total, rows) => total + rows, 0) > manyRows * Math.max(n, h)
  const flips = { W1: many && isCheaper(n, h), W2: many && isCheaper(h, n) }
  /** Σ over rows of a·bᵀ, or of b·aᵀ. */
  const sumOfOuter = (a: Tensor, b: Tensor, flipped: boolean) =>
    graph.product(flipped ? b : a, flipped ? a : b, { transA: 1 })
  let sums: Tensor | undefined
  for (const [k, rows] of blocks.entries()) {
    const z3 = graph.product(activations[k], W2, { transB: 1, plus: b2 })
    const output = expressionNodes(graph, g.value, { z: z3 })
    const error = graph.node('Sub', [output, targets[k]])
    const errors = kinds.map((parts) =>
      parts === partsOf(rows)
        ? partialColumnSums(graph, graph.node('Mul', [error, error]), rows, n)
        : graph.filled(0, [parts * n]),
    )
    const delta3 = timesDerivative(graph, g.derivative, error, output)
    const gradientB2 = columnSums(graph, delta3, rows, n)
    const gradientW2 = sumOfOuter(delta3, activations[k], flips.W2)

    const back = graph.product(delta3, W2, { plus: slopes })
    const delta2 = timesDerivative(graph, f.derivative, back, activations[k])
    const gradientB1 = columnSums(graph, delta2, rows, h)
    const gradientW1 = sumOfOuter(delta2, inputs[k], flips.W1)

    const flat = [gradientW1, gradientW2, gradientB1, gradientB2, ...errors].map((part) =>
      graph.reshape(part, [-1]),
    )
    const ofBlock = graph.node('Concat', flat, { axis: 0 })
    sums = sums === undefined ? ofBlock : graph.node('Add', [sums, ofBlock])
  }
  if (sums === undefined) throw new Error('There are no blocks of patches.')
  const errorParts = errorPartsOf(blocks, n)
  return { sums: inOrder(graph, sums, size, flips, errorParts), errorParts }
}

/** delta ⊙ f′, with f′ from what f has given. */
const timesDerivative = (graph: GraphBuilder, derivative: Expression, delta: Tensor, a: Tensor): Tensor =>
  expressionNodes(graph, distribute(variable('delta'), derivative), { delta, a })

/** Columns that a product computes at once; it takes as long for a part of them. */
const lanes = 16

/** Rows for each row of a gradient, from which on it pays to have that in order only when all are added up. */
const manyRows = 4

/** Whether a rows × columns product takes less time than its transpose. */
const isCheaper = (rows: number, columns: number): boolean =>
  rows * Math.ceil(columns / lanes) < columns * Math.ceil(rows / lanes)

/** The vector of sums with W1 as h × n and W2 as n × h, where one of them has been summed up transposed. */
function inOrder(
  graph: GraphBuilder,
  sums: Tensor,
  { n, h }: NetworkSize,
  flips: { W1: boolean; W2: boolean },
  errorParts: number,
): Tensor {
  if (!flips.W1 && !flips.W2) return sums
  const [W1, W2, rest] = graph.split(sums, [h * n, h * n, h + n + errorParts])
  const transposed = (matrix: Tensor, rows: number, columns: number) =>
    graph.reshape(graph.node('Transpose', [graph.reshape(matrix, [rows, columns])]), [-1])
  const parts = [flips.W1 ? transposed(W1, n, h) : W1, flips.W2 ? transposed(W2, h, n) : W2, rest]
  return graph.node('Concat', parts, { axis: 0 })
}

/** Parts that the squared error is given in. */
export const errorPartsOf = (blocks: readonly number[], n: number): number =>
  partKinds(blocks).reduce((total, parts) => total + parts * n, 0)

/** Blocks of other lengths are added up in other numbers of parts. */
const partKinds = (blocks: readonly number[]): number[] => [...new Set(blocks.map(partsOf))]
