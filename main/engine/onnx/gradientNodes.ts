import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import type { NetworkSize } from '#shared/model/theta.ts'
import { decoderActivation } from '../activation.ts'
import { columnSums, partialColumnSums } from './columnSums.ts'
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
  /** What the gradients of W1 and W2 are added to: the share of weight decay. */
  plusW1?: Tensor
  plusW2?: Tensor
  /** ρ̂ from the mean activations of these rows; the mean itself where absent. */
  rhoHatOf?(mean: Tensor): Tensor
}

export interface GradientNodes {
  /** 1 × h */
  rhoHat: Tensor
  /** Gradients of m·(J − weight decay), added to what they were to be added to. */
  W1: Tensor
  W2: Tensor
  /** 1 × h and 1 × n */
  b1: Tensor
  b2: Tensor
  /** Each block's squared error in parts, 1 × parts·n, to be added up in float64. */
  squaredErrors: { sums: Tensor; parts: number }[]
}

/**
 * The model of SPEC section 1, forward and back.
 *
 * Blocks keep the element-wise passes in cache. ρ̂ is needed before any delta, so the blocks go by twice: forward to
 * the hidden layer, then from there to the end and back.
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

  const squaredErrors: GradientNodes['squaredErrors'] = []
  let gradientW1 = inputs.plusW1
  let gradientW2 = inputs.plusW2
  let gradientB1: Tensor | undefined
  let gradientB2: Tensor | undefined
  for (const [k, rows] of blocks.entries()) {
    const output = g.value(graph.product(a2[k], W2, { transB: 1, plus: b2 }))
    const error = graph.node('Sub', [output, patches[k]])
    squaredErrors.push(partialColumnSums(graph, graph.node('Mul', [error, error]), rows, n))

    const delta3 = g.timesDerivative(error, output)
    gradientB2 = columnSums(graph, delta3, rows, n, gradientB2)
    gradientW2 = graph.product(delta3, a2[k], { transA: 1, plus: gradientW2 })

    const delta2 = f.timesDerivative(graph.product(delta3, W2, { plus: sparsity }), a2[k])
    gradientB1 = columnSums(graph, delta2, rows, h, gradientB1)
    gradientW1 = graph.product(delta2, patches[k], { transA: 1, plus: gradientW1 })
  }
  if (!gradientW1 || !gradientW2 || !gradientB1 || !gradientB2)
    throw new Error('There are no blocks of patches.')
  return { rhoHat, W1: gradientW1, W2: gradientW2, b1: gradientB1, b2: gradientB2, squaredErrors }
}
