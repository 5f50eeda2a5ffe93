import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import type { NetworkSize } from '#shared/model/theta.ts'
import { gradientNodes } from './gradientNodes.ts'
import { createGraphBuilder } from './graphBuilder.ts'
import type { ElementType } from './onnxModel.ts'

export interface AutoencoderGraph {
  size: NetworkSize
  hyper: Hyperparameters
  /** Rows of each block of patches. */
  blocks: readonly number[]
  elementType: ElementType
}

/**
 * Cost and gradient over all patches as one ONNX graph.
 *
 * Inputs W1, W2, b1, b2 and `patches0`, `patches1`, … (one a block). Outputs `rhoHat` (1 × h), the gradient of
 * m·(J − weight decay) as `gradientW1`, `gradientW2`, `gradientB1`, `gradientB2`, and each block's squared error in
 * parts to be added up in float64 (`squaredErrors0`, …).
 */
export function autoencoderGraph({ size, hyper, blocks, elementType }: AutoencoderGraph): Uint8Array {
  const { n, h } = size
  const graph = createGraphBuilder(elementType)
  const gradient = gradientNodes(graph, {
    size,
    hyper,
    blocks,
    W1: graph.input('W1', [h, n]),
    W2: graph.input('W2', [n, h]),
    b1: graph.input('b1', [h]),
    b2: graph.input('b2', [n]),
    patches: blocks.map((rows, k) => graph.input(`patches${k}`, [rows, n])),
  })
  for (const [k, { sums, parts }] of gradient.squaredErrors.entries()) {
    graph.output(`squaredErrors${k}`, sums, [1, parts * n])
  }
  graph.output('rhoHat', gradient.rhoHat, [1, h])
  graph.output('gradientW1', gradient.W1, [h, n])
  graph.output('gradientW2', gradient.W2, [n, h])
  graph.output('gradientB1', gradient.b1, [1, h])
  graph.output('gradientB2', gradient.b2, [1, n])
  return graph.bytes()
}
