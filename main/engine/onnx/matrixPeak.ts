import { createGraphBuilder } from './graphBuilder.ts'
import { loadOnnxRuntime } from './runtime.ts'

const size = 1536
const flops = 2 * size ** 3

/** This machine's float32 matrix-product peak through ONNX Runtime, GFLOP/s: the best of several large products. */
export async function matrixProductPeak(repeats = 8): Promise<number> {
  const ort = await loadOnnxRuntime()
  const graph = createGraphBuilder('float32')
  const product = graph.product(graph.input('a', [size, size]), graph.input('b', [size, size]))
  graph.output('c', product, [size, size])
  const session = await ort.InferenceSession.create(graph.bytes(), { executionProviders: ['cpu'] })
  const matrix = () => new ort.Tensor('float32', new Float32Array(size * size).fill(0.5), [size, size])
  const feeds = { a: matrix(), b: matrix() }
  let bestMs = Infinity
  for (let i = 0; i < repeats; i++) {
    const startedAt = performance.now()
    await session.run(feeds)
    bestMs = Math.min(bestMs, performance.now() - startedAt)
  }
  await session.release()
  return flops / bestMs / 1e6
}
