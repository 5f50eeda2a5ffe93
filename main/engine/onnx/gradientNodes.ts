import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import type { NetworkSize } from '#shared/model/theta.ts'
import { decoderActivation } from '../activation.ts'
import { columnSums, partialColumnSums, partsOf } from './columnSums.ts'
import type { GraphBuilder, Tensor } from './graphBuilder.ts'
import { activationNodes, sparsityDerivative } from './modelNodes.ts'

export interface GradientInputs {
  size: NetworkSize
  hyper: Hyperparameters
  /** Rows of each block of patches. */
  blocks: readonly number[]
  /** rows × n, one a block. */
  patches: readonly Tensor[]
  W1: Tensor
  W2: Tensor
  b1: Tensor
  b2: Tensor
  /** ρ̂ from the mean activations of these rows; the mean itself where absent. */
  rhoHatOf?(mean: Tensor): Tensor
}

export interface GradientNodes {
  /** 1 × h */
  rhoHat: Tensor
  /**
   * One vector: the gradient of m·(J − weight decay), laid out as theta, and after it the squared error in
   * `errorParts` parts, to be added up in float64.
   */
  sums: Tensor
  errorParts: number
}

/**
 * The model of SPEC section 1, forward and back.
 *
 * Blocks keep the element-wise passes in cache. ρ̂ is needed before any delta, so the blocks go by twice: forward to
 * the hidden layer, then from there to the end and back.
 *
 * All that a block adds to is one vector, so that ONNX Runtime finishes with a block before it turns to another: it
 * orders nodes from the outputs back, and with an output for each part it would go through all blocks once for each.
 */
export function gradientNodes(graph: GraphBuilder, inputs: GradientInputs): GradientNodes {
  const { size, hyper, blocks, patches, W1, W2, b1, b2, rhoHatOf = (mean) => mean } = inputs
  const { n, h } = size
  const f = activationNodes(graph, hyper.activation)
  const g = activationNodes(graph, decoderActivation(hyper))

  const a2: Tensor[] = []
  let activationSum: Tensor = ''
  for (const [k, rows] of blocks.entries()) {
    a2[k] = f.value(graph.product(patches[k], W1, { transB: 1, plus: b1 }))
    activationSum = columnSums(graph, a2[k], rows, h, k === 0 ? undefined : activationSum)
  }
  const m = blocks.reduce((total, rows) => total + rows, 0)
  const rhoHat = rhoHatOf(graph.node('Div', [activationSum, graph.filled(m)]))
  const sparsity = hyper.beta === 0 ? undefined : sparsityDerivative(graph, rhoHat, hyper)

  const kinds = [...new Set(blocks.map(partsOf))]
  let sums: Tensor | undefined
  for (const [k, rows] of blocks.entries()) {
    const output = g.value(graph.product(a2[k], W2, { transB: 1, plus: b2 }))
    const error = graph.node('Sub', [output, patches[k]])
    const errors = kinds.map((parts) =>
      parts === partsOf(rows)
        ? partialColumnSums(graph, graph.node('Mul', [error, error]), rows, n)
        : graph.filled(0, [parts * n]),
    )
    const delta3 = g.timesDerivative(error, output)
    const gradientB2 = columnSums(graph, delta3, rows, n)
    const gradientW2 = graph.product(delta3, a2[k], { transA: 1 })

    const delta2 = f.timesDerivative(graph.product(delta3, W2, { plus: sparsity }), a2[k])
    const gradientB1 = columnSums(graph, delta2, rows, h)
    const gradientW1 = graph.product(delta2, patches[k], { transA: 1 })

    const flat = [gradientW1, gradientW2, gradientB1, gradientB2, ...errors].map((part) =>
      graph.reshape(part, [-1]),
    )
    const ofBlock = graph.node('Concat', flat, { axis: 0 })
    sums = sums === undefined ? ofBlock : graph.node('Add', [sums, ofBlock])
  }
  if (sums === undefined) throw new Error('There are no blocks of patches.')
  return { rhoHat, sums, errorParts: kinds.reduce((total, parts) => total + parts * n, 0) }
}
