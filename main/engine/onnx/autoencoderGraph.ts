import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { thetaLayout, type NetworkSize } from '#shared/model/theta.ts'
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
 * Inputs W1, W2, b1, b2 and `patches0`, `patches1`, … (one a block). Outputs `rhoHat` (1 × h) and `sums`: the gradient
 * of m·(J − weight decay), laid out as theta, and after it the squared error in parts to be added up in float64.
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
  graph.output('rhoHat', gradient.rhoHat, [1, h])
  graph.output('sums', gradient.sums, [thetaLayout(size).length + gradient.errorParts])
  return graph.bytes()
}
