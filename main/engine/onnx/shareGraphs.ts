import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { slopeExpressions } from '#shared/model/penalties.ts'
import { thetaLayout, type NetworkSize } from '#shared/model/theta.ts'
import { backwardNodes, errorPartsOf, forwardNodes } from './gradientNodes.ts'
import { createGraphBuilder, type GraphBuilder } from './graphBuilder.ts'
import type { ElementType } from './onnxModel.ts'

export interface ShareGraphs {
  size: NetworkSize
  hyper: Hyperparameters
  /** Rows of each block of patches. */
  blocks: readonly number[]
  elementType: ElementType
}

/**
 * Patches to activations. Inputs W1, b1 and `inputs0`, `inputs1`, … (one a block); outputs `activations0`, …
 * (rows × h) and `activationSum` (1 × h).
 */
export function forwardGraph({ size, hyper, blocks, elementType }: ShareGraphs): Uint8Array {
  const { n, h } = size
  const graph = createGraphBuilder(elementType)
  const forward = forwardNodes(graph, {
    size,
    hyper,
    blocks,
    inputs: inputBlocks(graph, 'inputs', blocks, n),
    W1: graph.input('W1', [h, n]),
    b1: graph.input('b1', [h]),
  })
  for (const [k, rows] of blocks.entries()) {
    graph.output(`activations${k}`, forward.activations[k], [rows, h])
  }
  graph.output('activationSum', forward.activationSum, [1, h])
  return graph.bytes()
}

/**
 * Activations to gradient. Inputs `inputs0`, …, `targets0`, …, `activations0`, …, W2, b2 and, where anything is
 * penalised, `slopes` (1 × h).
 * Output `sums`, as backwardNodes describes it.
 */
export function backwardGraph(options: ShareGraphs): Uint8Array {
  const { size, hyper, blocks, elementType } = options
  const { n, h } = size
  const graph = createGraphBuilder(elementType)
  const { sums } = backwardNodes(graph, {
    size,
    hyper,
    blocks,
    inputs: inputBlocks(graph, 'inputs', blocks, n),
    targets: inputBlocks(graph, 'targets', blocks, n),
    activations: inputBlocks(graph, 'activations', blocks, h),
    W2: graph.input('W2', [n, h]),
    b2: graph.input('b2', [n]),
    slopes: slopeExpressions(hyper).slope === null ? undefined : graph.input('slopes', [1, h]),
  })
  graph.output('sums', sums, [sumsLength(options)])
  return graph.bytes()
}

export const sumsLength = ({ size, blocks }: ShareGraphs): number =>
  thetaLayout(size).length + errorPartsOf(blocks, size.n)

const inputBlocks = (graph: GraphBuilder, name: string, blocks: readonly number[], columns: number) =>
  blocks.map((rows, k) => graph.input(`${name}${k}`, [rows, columns]))
