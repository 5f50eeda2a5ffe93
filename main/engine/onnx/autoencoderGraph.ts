import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import type { NetworkSize } from '#shared/model/theta.ts'
import { decoderActivation } from '../activation.ts'
import { columnSums, partialColumnSums } from './columnSums.ts'
import { createGraphBuilder, type GraphBuilder, type Tensor } from './graphBuilder.ts'
import { activationNodes, sparsityDerivative } from './modelNodes.ts'
import type { ElementType } from './onnxModel.ts'

export interface AutoencoderGraph {
  size: NetworkSize
  hyper: Hyperparameters
  /** Rows of each block of patches. */
  blocks: readonly number[]
  elementType: ElementType
  /** Whether ρ̂ mixes with that of earlier batches: inputs `before` (1 × h) and `kept` (one number). */
  movingAverage: boolean
}

/**
 * The model of SPEC section 1 as one ONNX graph.
 *
 * Inputs W1, W2, b1, b2 and `patches0`, `patches1`, … (one a block). Outputs `rhoHat` (1 × h), the gradient of
 * m·(J − weight decay) as `gradientW1`, `gradientW2`, `gradientB1`, `gradientB2`, and each block's squared error in
 * parts to be added up in float64 (`squaredErrors0`, …).
 *
 * Blocks keep the element-wise passes in cache. ρ̂ is needed before any delta, so the blocks go by twice: forward to
 * the hidden layer, then from there to the end and back.
 */
export function autoencoderGraph({
  size,
  hyper,
  blocks,
  elementType,
  movingAverage,
}: AutoencoderGraph): Uint8Array {
  const { n, h } = size
  const graph = createGraphBuilder(elementType)
  const W1 = graph.input('W1', [h, n])
  const W2 = graph.input('W2', [n, h])
  const b1 = graph.input('b1', [h])
  const b2 = graph.input('b2', [n])
  const patches = blocks.map((rows, k) => graph.input(`patches${k}`, [rows, n]))
  const f = activationNodes(graph, hyper.activation)
  const g = activationNodes(graph, decoderActivation(hyper))

  const a2: Tensor[] = []
  let activationSum: Tensor | undefined
  for (const [k, rows] of blocks.entries()) {
    a2[k] = f.value(graph.product(patches[k], W1, { transB: 1, plus: b1 }))
    activationSum = columnSums(graph, a2[k], rows, h, activationSum)
  }
  const m = blocks.reduce((total, rows) => total + rows, 0)
  const mean = graph.node('Div', [activationSum ?? '', graph.filled(m)])
  const rhoHat = movingAverage ? mixAverage(graph, mean, h) : mean
  const sparsity = hyper.beta === 0 ? undefined : sparsityDerivative(graph, rhoHat, hyper)

  let gradientW1: Tensor | undefined
  let gradientW2: Tensor | undefined
  let gradientB1: Tensor | undefined
  let gradientB2: Tensor | undefined
  for (const [k, rows] of blocks.entries()) {
    const output = g.value(graph.product(a2[k], W2, { transB: 1, plus: b2 }))
    const error = graph.node('Sub', [output, patches[k]])
    const squares = partialColumnSums(graph, graph.node('Mul', [error, error]), rows, n)
    graph.output(`squaredErrors${k}`, squares.sums, [1, squares.parts * n])

    const delta3 = g.timesDerivative(error, output)
    gradientB2 = columnSums(graph, delta3, rows, n, gradientB2)
    gradientW2 = graph.product(delta3, a2[k], { transA: 1, plus: gradientW2 })

    const delta2 = f.timesDerivative(graph.product(delta3, W2, { plus: sparsity }), a2[k])
    gradientB1 = columnSums(graph, delta2, rows, h, gradientB1)
    gradientW1 = graph.product(delta2, patches[k], { transA: 1, plus: gradientW1 })
  }

  graph.output('rhoHat', rhoHat, [1, h])
  graph.output('gradientW1', gradientW1, [h, n])
  graph.output('gradientW2', gradientW2, [n, h])
  graph.output('gradientB1', gradientB1, [1, h])
  graph.output('gradientB2', gradientB2, [1, n])
  return graph.bytes()
}

/** kept·before + (1 − kept)·mean. */
function mixAverage(graph: GraphBuilder, mean: Tensor, h: number): Tensor {
  const before = graph.input('before', [1, h])
  const kept = graph.input('kept', [1])
  const old = graph.node('Mul', [kept, before])
  const fresh = graph.node('Mul', [graph.node('Sub', [graph.filled(1), kept]), mean])
  return graph.node('Add', [old, fresh])
}
