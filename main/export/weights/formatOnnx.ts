import { expressionNodes } from '#main/engine/onnx/expressionNodes.ts'
import { createGraphBuilder } from '#main/engine/onnx/graphBuilder.ts'
import { decoderFormulas, formulasOf } from '#shared/model/activations.ts'
import type { ExportedWeights } from './exportedWeights.ts'

/**
 * The trained network as an ONNX model with its weights inside: input `patches` (batch × n, any batch), outputs
 * `reconstruction` (batch × n) and `activations` (batch × h), float32. `config` and `rhoHat` are JSON texts in its
 * metadata.
 */
export function formatOnnx({ weights, rhoHat, config, normalisation }: ExportedWeights): Uint8Array {
  const { visible: n, hidden: h } = weights
  const graph = createGraphBuilder('float32')
  const patches = graph.input('patches', ['batch', n])
  const W1 = graph.constant('W1', [h, n], weights.W1)
  const b1 = graph.constant('b1', [h], weights.b1)
  const W2 = graph.constant('W2', [n, h], weights.W2)
  const b2 = graph.constant('b2', [n], weights.b2)
  const z2 = graph.product(patches, W1, { transB: 1, plus: b1 })
  const activations = expressionNodes(graph, formulasOf(config.activation).value, { z: z2 })
  const z3 = graph.product(activations, W2, { transB: 1, plus: b2 })
  const reconstruction = expressionNodes(graph, decoderFormulas(config).value, { z: z3 })
  graph.output('reconstruction', reconstruction, ['batch', n])
  graph.output('activations', activations, ['batch', h])
  graph.note('config', JSON.stringify(config))
  if (normalisation) graph.note('normalisation', JSON.stringify(normalisation))
  graph.note('rhoHat', JSON.stringify(Array.from(rhoHat)))
  return graph.bytes()
}
